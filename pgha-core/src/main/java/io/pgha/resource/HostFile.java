package io.pgha.resource;

import io.pgha.host.Probe;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file as a host has it. One program answers about all files of a remote command, for each start of one costs the machine more than
 * the reading does. Of a file that holds secrets it tells the hash alone. Immutable and thread-safe.
 *
 * @param plain whether it is a file and nothing else, not even a link to one
 * @param attributes {@code MODE USER:GROUP}
 * @param digits what is in it, in hexadecimal digits; empty where only the hash was asked for
 * @param hash the SHA-256 of the content in hexadecimal digits; empty where the content was asked for
 */
record HostFile(boolean plain, String attributes, String digits, String hash) {
    private static final String CONTENT = "c";
    private static final String HASH = "h";

    /** Prints {@code PLAIN TAB ATTRIBUTES TAB CONTENT TAB PATH}, and {@code HASH PATH} in the words of sha256sum; each ends in NUL. */
    private static final String PROGRAM = """
            perl -e '
              $| = 1;
              for (@ARGV) {
                my ($asked, $path) = /(.)(.*)/s;
                my @stat = lstat $path or next;
                my $plain = -f _ ? 1 : 0;
                my $content = "";
                if ($plain and $asked eq "h") {
                  push @hashed, $path;
                } elsif ($plain) {
                  open my $file, "<", $path or next;
                  local $/;
                  $content = unpack "H*", <$file> // "";
                }
                my ($user, $group) = (scalar getpwuid $stat[4], scalar getgrgid $stat[5]);
                printf "%s\\t%o %s:%s\\t%s\\t%s\\0", $plain, $stat[2] & 07777, $user // "UNKNOWN", $group // "UNKNOWN", $content, $path;
              }
              exec "sha256sum", "-z", "--", @hashed if @hashed;
            '""";

    /** Asks for files with their content. */
    static Probe.Batch contents(String... paths) {
        return ask(CONTENT, paths);
    }

    /** Asks for files with the hash of their content. */
    static Probe.Batch hashes(String... paths) {
        return ask(HASH, paths);
    }

    private static Probe.Batch ask(String what, String... paths) {
        return new Probe.Batch(
                PROGRAM, Stream.of(paths).map(path -> what + path).collect(Collectors.toUnmodifiableList()));
    }

    /** Finds a file in the answer; empty where there is nothing of that path. */
    static Optional<HostFile> find(String answer, String path) {
        List<String> lines = Arrays.asList(answer.split("\0", -1));
        String hash = lines.stream()
                .filter(line -> line.endsWith("  " + path) && line.length() == 66 + path.length())
                .map(line -> line.substring(0, 64))
                .findFirst()
                .orElse("");
        return lines.stream()
                .map(line -> line.split("\t", 4))
                .filter(fields -> fields.length == 4 && fields[3].equals(path))
                .map(fields -> new HostFile(fields[0].equals("1"), fields[1], fields[2], hash))
                .findFirst();
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
}
