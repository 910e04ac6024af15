package io.pgha.host;

import java.util.Optional;

/** What a machine of a rehearsal does in place of acting: it answers as if it had acted. Thread-safe; no I/O. */
@FunctionalInterface
public interface Rehearsal {

    /**
     * Takes a step for done.
     *
     * @param question what shows whether it is; answered with {@code leaves} from now on, whoever asks in the same
     *     words
     * @param leaves the answer
     * @param command what a real machine would run; empty where the step is done from elsewhere
     * @return how the step ended
     * @throws InterruptedException when the calling thread is interrupted
     */
    CommandResult step(Probe question, String leaves, Optional<Command> command) throws InterruptedException;
}
