package io.pgha.run;

import java.util.Optional;

/**
 * Has a console explain itself where the process ends before the run has; its shutdown hook is there only while the run
 * is.
 */
final class LastWord implements RunListener {
    private final ConsoleListener console;
    private Optional<Thread> hook = Optional.empty();

    LastWord(ConsoleListener console) {
        this.console = console;
    }

    @Override
    public synchronized void on(RunEvent event) {
        if (event instanceof RunEvent.RunStarted && hook.isEmpty()) {
            hook = Optional.of(new Thread(console::cutShort, "pgha-last-word"));
            change(Runtime.getRuntime()::addShutdownHook);
        }
        console.on(event);
        if (event instanceof RunEvent.RunFinished) {
            change(Runtime.getRuntime()::removeShutdownHook);
            hook = Optional.empty();
        }
    }

    private interface Change {
        void of(Thread hook);
    }

    private void change(Change change) {
        try {
            hook.ifPresent(change::of);
        } catch (IllegalStateException e) {
            hook = Optional.empty(); // the process is ending: the hook runs already, or is too late
        }
    }

    @Override
    public String toString() {
        return "Console";
    }
}
