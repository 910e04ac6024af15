package io.pgha.run;

import io.pgha.net.Deadline;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terminal that this process writes to: how wide it is, asked anew now and then, for it may be resized.
 * Thread-safe.
 */
final class Terminal implements IntSupplier {
    private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);
    private static final int USUAL = 80;
    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

    private int columns = ask();
    private Deadline known = Deadline.in(ASK_AGAIN);

    @SuppressWarnings("SystemConsoleNull") // a console that is no terminal is what must be told apart here
    static boolean isThere() {
        return System.console() != null && !"dumb".equals(System.getenv("TERM"));
    }

    @Override
    public synchronized int getAsInt() {
        if (known.passed()) {
            columns = ask();
            known = Deadline.in(ASK_AGAIN);
        }
        return columns;
    }

    /** What the environment says holds, as for every program; shells rarely export it. */
    private static int ask() {
        return parse(System.getenv("COLUMNS")).or(Terminal::stty).orElse(USUAL);
    }

    private static Optional<Integer> stty() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return parse(answer.substring(answer.indexOf(' ') + 1));
        } catch (IOException e) {
            LOG.debug("The terminal's width is not known: {}", e.toString());
            return Optional.empty();
        }
    }

    static Optional<Integer> parse(@Nullable String text) {
        return Optional.ofNullable(text)
                .filter(it -> it.matches("[0-9]{1,5}"))
                .map(Integer::valueOf)
                .filter(columns -> columns > 0);
    }
}
