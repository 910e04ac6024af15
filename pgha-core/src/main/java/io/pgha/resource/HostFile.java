package io.pgha.resource;

import io.pgha.host.Probe;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file as a host has it. One program answers about all files of a remote command, for each start of one costs the
 * machine more than the reading does. Immutable and thread-safe.
 *
 * @param plain whether it is a file and nothing else
 * @param attributes {@code MODE USER:GROUP}
 * @param digits the content, or its SHA-256 where that was asked for, in hexadecimal digits; empty for what is not
 *     plain
 */
record HostFile(boolean plain, String attributes, String digits) {
    private static final int SHA256_DIGITS = 64;

    /**
     * Prints {@code LOOK TAB PLAIN TAB ATTRIBUTES TAB CONTENT TAB PATH}, and {@code HASH PATH} in the words of
     * sha256sum; each ends in NUL. What is not plain is not read: a pipe would wait for its writer.
     */
    private static final String PROGRAM = """
            perl -e '
              $| = 1;
              for (@ARGV) {
                my ($look, $path) = /(.)(.*)/s;
                my @stat = $look eq "t" ? stat $path : lstat $path;
                @stat or next;
                my $plain = -f _ ? 1 : 0;
                my $content = "";
                if ($plain and $look eq "h") {
                  push @hashed, $path;
                } elsif ($plain) {
                  open my $file, "<", $path or next;
                  local $/;
                  $content = unpack "H*", <$file> // "";
                }
                my ($user, $group) = (scalar getpwuid $stat[4], scalar getgrgid $stat[5]);
                printf "%s\\t%s\\t%o %s:%s\\t%s\\t%s\\0", $look, $plain,
                  $stat[2] & 07777, $user // "UNKNOWN", $group // "UNKNOWN", $content, $path;
              }
              exec "sha256sum", "-z", "--", @hashed if @hashed;
            '""";

    /** Names what is looked at. */
    enum Look {
        /** The content of a plain file. */
        CONTENT("c"),
        /** The hash of a plain file, which may hold secrets. */
        HASH("h"),
        /** The content of a plain file, or of the one that a link points to. */
        TARGET("t");

        private final String letter;

        Look(String letter) {
            this.letter = letter;
        }

        /** Returns what to ask. */
        Probe.Batch batch(String... paths) {
            return new Probe.Batch(
                    PROGRAM, Stream.of(paths).map(path -> letter + path).collect(Collectors.toUnmodifiableList()));
        }

        /** Finds a file in the answer, whatever others have asked of it; empty where there is nothing of that path. */
        Optional<HostFile> find(String answer, String path) {
            List<String> entries = List.of(answer.split("\0", -1));
            return entries.stream()
                    .map(entry -> entry.split("\t", 5))
                    .filter(fields -> fields.length == 5 && fields[0].equals(letter) && fields[4].equals(path))
                    .map(fields -> new HostFile(
                            fields[1].equals("1"), fields[2], this == HASH ? hash(entries, path) : fields[3]))
                    .findFirst();
        }

        private static String hash(List<String> entries, String path) {
            String end = "  " + path;
            return entries.stream()
                    .filter(entry -> entry.endsWith(end) && entry.length() == SHA256_DIGITS + end.length())
                    .map(entry -> entry.substring(0, SHA256_DIGITS))
                    .findFirst()
                    .orElse("");
        }
    }

    /** Returns the content. */
    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Returns the content, byte by byte. */
    String base64() {
        return Base64.getEncoder().encodeToString(bytes());
    }

    private byte[] bytes() {
        return HexFormat.of().parseHex(digits);
    }

    /** The content may hold secrets. */
    @Override
    public String toString() {
        return (plain ? "file " : "other ") + attributes;
    }
}
