/** HAProxy and the virtual IP on real hosts. */
@NullMarked
package io.pgha.examples.proxy;

import org.jspecify.annotations.NullMarked;
