/**
 * Reaches machines over SSH. Start at {@link io.pgha.ssh.Ssh}.
 *
 * <p>The library underneath is sshj. It is kept quiet: its log lines appear only where a logger below
 * {@code net.schmizz.sshj} or {@code com.hierynomus.sshj} is at DEBUG, and never at TRACE, which would print what is
 * sent. A few of its classes log outside of this control; to silence those too, set both loggers to WARN in the logging
 * back end. Lines of pgha itself are at DEBUG below {@code io.pgha.ssh}; no script, input, output or secret is ever
 * logged.
 *
 * <p>Bouncy Castle becomes a security provider of the JVM only where an ECDSA key is in use (a machine's or the user's)
 * or the application has registered it; sshj is told so by {@code SecurityUtils.setRegisterBouncyCastle}. An
 * application that uses sshj by itself, and needs it always, registers it first.
 */
@NullMarked
@HouseStyle
package io.pgha.ssh;

import io.pgha.ssh.internal.HouseStyle;
import org.jspecify.annotations.NullMarked;
