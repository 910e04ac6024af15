/** Keys of users and of machines: their files, what is known of them, and what the JVM needs for them. */
@NullMarked
package io.pgha.ssh.internal.key;

import org.jspecify.annotations.NullMarked;
