package io.pgha.spi;

import io.pgha.Given;
import io.pgha.host.Command;

/**
 * What makes a resource as desired: a script on its machine, or work that is done from here. Both are verified by the
 * resource's probe where they acted, and stand under the cluster's lock and its closed times. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * return Act.onHost(Command.sh("systemctl start nginx"), "active");
 * return Act.inJava(context -> patroni(context).restart(context.node()), "running");
 * }</pre>
 */
public sealed interface Act {

    /**
     * Returns what the probe will answer behind the act: what a rehearsal goes on with, which does nothing itself.
     *
     * @return the observation
     */
    String leaves();

    /**
     * Returns an act by a script on the machine. It is verified in the same round trip.
     *
     * @param command the script; running it twice must do no harm
     * @param leaves what the probe will answer behind it
     * @return the act
     */
    static OnHost onHost(Command command, String leaves) {
        return new OnHost(Given.value(command, "command"), Given.value(leaves, "leaves"));
    }

    /**
     * Returns an act that is done from here. It is verified in a round trip of its own.
     *
     * @param work what is done; doing it twice must do no harm
     * @param leaves what the probe will answer behind it
     * @return the act
     */
    static InJava inJava(Work work, String leaves) {
        return new InJava(Given.value(work, "work"), Given.value(leaves, "leaves"));
    }

    /**
     * A script on the machine. Its {@code toString} shows nothing of what it leaves, which may be a secret file.
     *
     * @param command the script
     * @param leaves what the probe will answer behind it
     */
    record OnHost(Command command, String leaves) implements Act {
        @Override
        public String toString() {
            return "on the host: " + command;
        }
    }

    /**
     * Work that is done from here.
     *
     * @param work what is done
     * @param leaves what the probe will answer behind it
     */
    record InJava(Work work, String leaves) implements Act {
        @Override
        public String toString() {
            return "in Java";
        }
    }
}
