package io.pgha.resource;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.plan.Change;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * A marked block of lines in a file that others write too, such as {@code /etc/hosts}: everything outside the block
 * stays as it is. Immutable and thread-safe.
 */
@Value.Immutable
public interface BlockResource extends Resource {

    /**
     * Returns where the file is.
     *
     * @return the absolute path
     */
    String path();

    /**
     * Returns the block's name in its marker lines.
     *
     * @return for example the cluster's name
     */
    String name();

    /**
     * Returns the lines.
     *
     * @return the text between the markers, each line ended
     */
    String content();

    @Override
    @Value.Derived
    default String id() {
        return "block:" + path() + "#" + name();
    }

    @Override
    @Value.Derived
    default String title() {
        return "write the block " + name() + " in " + path();
    }

    @Override
    default Probe probe() {
        return new Probe(
                id(),
                List.of(HostFile.Look.TARGET.batch(path())),
                printed -> HostFile.Look.TARGET
                        .find(printed.get(0), path())
                        .map(HostFile::base64)
                        .orElse(""),
                "");
    }

    @Override
    default Optional<Change> diff(Observation observation) {
        String before = decode(observation.text());
        String after = withBlock(before);
        return before.equals(after)
                ? Optional.empty()
                : Optional.of(new Change(
                        before.contains(begin()) ? "block differs" : "block absent",
                        Impact.NONE,
                        Optional.of(Diffs.unified(path(), before, after))));
    }

    @Override
    default Act.OnHost act(Observation observation) {
        byte[] after = withBlock(decode(observation.text())).getBytes(StandardCharsets.UTF_8);
        return Act.onHost(
                Command.builder()
                        .script(InstallScript.of(path(), "root:root", "644", Optional.empty(), Optional.empty()))
                        .stdin(after)
                        .build(),
                Base64.getEncoder().encodeToString(after));
    }

    private String withBlock(String before) {
        String block = begin() + content() + end();
        int from = before.indexOf(begin());
        int to = before.indexOf(end(), Math.max(from, 0));
        if (from >= 0 && to >= 0) {
            return before.substring(0, from) + block + before.substring(to + end().length());
        }
        return before + (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + block;
    }

    private String begin() {
        return "# pgha " + name() + " begin\n";
    }

    private String end() {
        return "# pgha " + name() + " end\n";
    }

    private static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    /**
     * Returns a builder.
     *
     * @param path the absolute path
     * @return a new builder; {@code name} and {@code content} are mandatory
     */
    static Builder in(String path) {
        return new Builder().path(path);
    }

    /** Builds a {@link BlockResource}. Confined to one thread. */
    final class Builder extends ImmutableBlockResource.Builder {
        Builder() {}
    }
}
