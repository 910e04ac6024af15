package io.pgha.patroni.internal.version;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of Patroni. Immutable. */
public record PatroniVersion(int major, int minor, int patch) implements Comparable<PatroniVersion> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})\\.(\\d{1,5})(?:\\.(\\d{1,5}))?.*");
    private static final Comparator<PatroniVersion> ORDER = Comparator.comparingInt(PatroniVersion::major)
            .thenComparingInt(PatroniVersion::minor)
            .thenComparingInt(PatroniVersion::patch);

    /** Returns the version that a text such as {@code 4.0.7} or {@code 4.2.0b1} starts with. */
    public static Optional<PatroniVersion> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int patch = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        return Optional.of(
                new PatroniVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), patch));
    }

    public boolean has(Feature feature) {
        return feature.firsts().stream().anyMatch(this::continues)
                || compareTo(feature.firsts().get(feature.firsts().size() - 1)) >= 0;
    }

    private boolean continues(PatroniVersion first) {
        return major == first.major && minor == first.minor && patch >= first.patch;
    }

    @Override
    public int compareTo(PatroniVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
