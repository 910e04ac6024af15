package io.pgha.ssh.internal.peer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a server said where a shell should have been. It may be anything, even all that was sent to it: nothing of that
 * is ever quoted, neither passwords nor scripts nor their input.
 */
public final class Said {
    /** How many bytes of it are looked at; a message quotes fewer. */
    private static final int LONGEST = 4096;

    /** How many bytes in a row, without white space between them, tell that a line repeats what was sent. */
    private static final int RUN = 5;

    private static final long RUN_MASK = (1L << (8 * RUN)) - 1;

    private final String text;
    private final String shown;

    private Said(String text, String shown) {
        this.text = text;
        this.shown = shown;
    }

    /**
     * Takes down what was said.
     *
     * @param peer who said it
     * @param text the words
     * @param line the command line that was sent, which is no secret
     * @param sent all that was sent on standard input
     */
    public static Said of(Peer peer, String text, String line, byte[]... sent) {
        List<String> kept = new ArrayList<>();
        boolean repeats = false;
        String whole = text.strip();
        String start =
                whole.length() <= LONGEST ? whole : whole.substring(0, Math.max(0, whole.lastIndexOf('\n', LONGEST)));
        Echoes echoes = new Echoes(start, sent);
        for (String said : start.lines().map(String::strip).toList()) {
            if (said.isEmpty()) {
                continue;
            }
            if (line.contains(said) || said.contains(line) || echoes.holds(said)) {
                repeats = true;
            } else {
                kept.add(peer.covered(said));
            }
        }
        if (repeats) {
            kept.add("(what it repeats of that which it was sent is left out)");
        }
        return new Said(text, String.join("\n", kept));
    }

    /** Returns whether these words are in it. */
    boolean contains(String words) {
        return text.contains(words);
    }

    /** Returns what may be shown of it. */
    String shown() {
        return shown;
    }

    /** What of the words was sent before. */
    private static final class Echoes {
        private final Set<Long> runs = new HashSet<>();
        private final Set<String> shortLines = new HashSet<>();

        Echoes(String said, byte[]... sent) {
            Set<Long> asked = runs(said.getBytes(StandardCharsets.UTF_8));
            for (byte[] bytes : sent) {
                find(bytes, asked);
                // Of lines that are shorter than a run, such as a password of three letters.
                new String(bytes, StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && line.getBytes(StandardCharsets.UTF_8).length < RUN)
                        .forEach(shortLines::add);
            }
        }

        private void find(byte[] bytes, Set<Long> asked) {
            long run = 0;
            int length = 0;
            for (byte next : bytes) {
                run = (run << 8 | (next & 0xff)) & RUN_MASK;
                length = isBlank(next) ? 0 : length + 1;
                if (length >= RUN && asked.contains(run)) {
                    runs.add(run);
                }
            }
        }

        private static Set<Long> runs(byte[] bytes) {
            Set<Long> all = new HashSet<>();
            long run = 0;
            int length = 0;
            for (byte next : bytes) {
                run = (run << 8 | (next & 0xff)) & RUN_MASK;
                length = isBlank(next) ? 0 : length + 1;
                if (length >= RUN) {
                    all.add(run);
                }
            }
            return all;
        }

        private static boolean isBlank(byte next) {
            return next >= 0 && next <= ' ';
        }

        boolean holds(String line) {
            if (runs(line.getBytes(StandardCharsets.UTF_8)).stream().anyMatch(runs::contains)) {
                return true;
            }
            for (String word : line.split("[^\\p{L}\\p{N}]+", -1)) {
                if (shortLines.contains(word)) {
                    return true;
                }
            }
            return shortLines.contains(line)
                    || List.of(line.split("\\s+", -1)).stream().anyMatch(shortLines::contains);
        }
    }
}
