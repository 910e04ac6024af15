/**
 * Real Debian hosts on one machine, for the examples and the end-to-end tests.
 *
 * <p>Start at {@link io.pgha.examples.lab.LocalLab}: it starts any number of hosts, each with its own address, systemd,
 * sshd and apt, and takes them down again without a trace. Several labs can be up side by side, each with a number.
 * {@link io.pgha.examples.lab.LabMain} does the same from a command line.
 */
@NullMarked
package io.pgha.examples.lab;

import org.jspecify.annotations.NullMarked;
