/** What runs within an SSH connection: shells with their input and output, and the channels of tunnels. */
@NullMarked
package io.pgha.ssh.internal.channel;

import org.jspecify.annotations.NullMarked;
