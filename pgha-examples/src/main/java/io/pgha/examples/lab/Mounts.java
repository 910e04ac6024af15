package io.pgha.examples.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the machine's mount table. */
final class Mounts {
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private Mounts() {}

    /** Returns the mount points at or below a directory, the last mounted first. */
    static List<Path> below(Path directory) {
        return below(directory, Machine.read(Path.of("/proc/self/mountinfo")));
    }

    static List<Path> below(Path directory, String mountinfo) {
        List<Path> points = new ArrayList<>();
        for (String line : mountinfo.split("\n", -1)) {
            String[] fields = line.split(" ", -1);
            if (fields.length > 4) {
                Path point = Path.of(unescape(fields[4]));
                if (point.startsWith(directory)) {
                    points.add(point);
                }
            }
        }
        Collections.reverse(points);
        return points;
    }

    /** Undoes the kernel's octal escapes for white space in a mount point. */
    static String unescape(String field) {
        return OCTAL.matcher(field)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }

    /** Unmounts everything at or below a directory. */
    static void unmountBelow(Path directory) throws InterruptedException {
        for (Path point : below(directory)) {
            ExecResult result = Shell.command("umount", "--", point.toString()).run();
            if (!result.succeeded()) {
                throw new LabException(
                        "lab.unmount",
                        "unmounting " + point + " failed: " + result.err().strip(),
                        "see who uses it: fuser -vm " + point);
            }
        }
    }
}
