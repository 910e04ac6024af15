/** TCP connections, and the threads and deadlines of a transport. */
@NullMarked
package io.pgha.ssh.internal.socket;

import org.jspecify.annotations.NullMarked;
