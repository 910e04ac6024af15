package io.pgha.examples.lab;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Is one host of a lab: an address to deploy to, and the hands that pull its cables. Thread-safe; calls that change the
 * same host wait for each other. Two are equal if they have the same name and address.
 */
public final class LabHost {
    private static final Duration EXEC_LIMIT = Duration.ofMinutes(2);

    private final HostRuntime runtime;
    private final ReentrantLock power = new ReentrantLock();

    LabHost(HostRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Returns the host's name.
     *
     * @return its name, which it also has inside
     */
    public String name() {
        return runtime.name();
    }

    /**
     * Returns the host's address.
     *
     * @return an IPv4 address
     */
    public String address() {
        return runtime.address();
    }

    /**
     * Runs a shell script on the host as root, without SSH: it works over a cut network, too. Blocks for at most two
     * minutes.
     *
     * @param script a POSIX shell script; its standard input is empty
     * @return what it gave back, whatever its status
     * @throws LabException if the host is off, or the script does not end
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public ExecResult exec(String script) throws InterruptedException {
        return exec(script, EXEC_LIMIT);
    }

    /**
     * Runs a shell script on the host as root, without SSH. Blocks.
     *
     * @param script a POSIX shell script; its standard input is empty
     * @param limit how long it may take
     * @return what it gave back, whatever its status
     * @throws LabException if the host is off, or the script does not end within the limit
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public ExecResult exec(String script, Duration limit) throws InterruptedException {
        return runtime.exec(script, limit);
    }

    /**
     * Says whether the host has power.
     *
     * @return whether anything runs on it; a frozen host has power
     */
    public boolean isPowered() {
        return runtime.isPowered();
    }

    /**
     * Cuts the host's power. Its peers are not told: no connection is closed, and the addresses that it had taken over
     * answer no more. What it had written to files is still there after {@link #boot()}, even what it had not yet
     * flushed: a lab cannot lose a page cache. Does nothing to a host that is off.
     *
     * @throws LabException if something on it survives
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void kill() throws InterruptedException {
        power.lock();
        try {
            runtime.cutPower();
        } finally {
            power.unlock();
        }
    }

    /**
     * Boots a host that is off, from the disk that it had, and blocks until it answers over SSH and systemd is done.
     * Does nothing but wait for a host that is on.
     *
     * @throws LabException if it is not up within the configured boot timeout; the message has the end of its console
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void boot() throws InterruptedException {
        power.lock();
        try {
            if (!runtime.isPowered()) {
                // A host that went down by itself has left its cable behind.
                runtime.cutPower();
                runtime.launch();
            }
        } finally {
            power.unlock();
        }
        // Not under the lock: the power may fail during a boot, too.
        runtime.awaitBoot();
    }

    /**
     * Pulls the host's network cable. The host lives on and sees that it has no carrier.
     *
     * @throws LabException if the host is off
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void cutNetwork() throws InterruptedException {
        runtime.cable(Network.Cable.OUT);
    }

    /**
     * Plugs the host's network cable in again.
     *
     * @throws LabException if the host is off
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void restoreNetwork() throws InterruptedException {
        runtime.cable(Network.Cable.IN);
    }

    /**
     * Stops the time of the whole host, as a hypervisor does that pauses it. Its connections stay open and nothing
     * answers.
     *
     * @throws LabException if the host is off
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void freeze() throws InterruptedException {
        runtime.freeze(Cgroups.Freeze.FROZEN);
    }

    /**
     * Lets a frozen host go on.
     *
     * @throws LabException if the host is off
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void thaw() throws InterruptedException {
        runtime.freeze(Cgroups.Freeze.RUNNING);
    }

    /**
     * Stops processes with SIGSTOP: they hold their locks and connections, and do nothing.
     *
     * @param process the name of a program or script, such as {@code patroni}
     * @throws LabException if the host runs no such process
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void freeze(String process) throws InterruptedException {
        signal(process, "STOP");
    }

    /**
     * Lets processes go on that were stopped with {@link #freeze(String)}.
     *
     * @param process the name of a program or script
     * @throws LabException if the host runs no such process
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void thaw(String process) throws InterruptedException {
        signal(process, "CONT");
    }

    /**
     * Kills processes with SIGKILL, as the kernel does when memory runs out.
     *
     * @param process the name of a program or script
     * @throws LabException if the host runs no such process
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public void kill(String process) throws InterruptedException {
        signal(process, "KILL");
    }

    private void signal(String process, String signal) throws InterruptedException {
        if (runtime.signal(process, signal) == 0) {
            throw new LabException(
                    "lab.no-process",
                    name(),
                    "no process named '" + process + "' runs on it",
                    "see what runs: exec(\"systemctl status --no-pager\")");
        }
    }

    HostRuntime runtime() {
        return runtime;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabHost host
                && name().equals(host.name())
                && address().equals(host.address());
    }

    @Override
    public int hashCode() {
        return name().hashCode();
    }

    @Override
    public String toString() {
        return name() + " (" + address() + ")";
    }
}
