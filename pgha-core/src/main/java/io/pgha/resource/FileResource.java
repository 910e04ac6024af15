package io.pgha.resource;

import io.pgha.host.Command;
import io.pgha.host.Probe;
import io.pgha.plan.Change;
import io.pgha.plan.FileDiff;
import io.pgha.plan.Impact;
import io.pgha.spi.Act;
import io.pgha.spi.Notification;
import io.pgha.spi.Observation;
import io.pgha.spi.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * A file with given content, owner and mode, written all or nothing: to a temporary name beside it, checked, flushed to
 * disk and renamed. A file that fails its check is never installed. Immutable and thread-safe.
 */
@Value.Immutable
public interface FileResource extends Resource {

    /**
     * Returns where the file is.
     *
     * @return the absolute path
     */
    String path();

    /**
     * Returns what it holds.
     *
     * @return the whole text
     */
    @Value.Redacted
    String content();

    /**
     * Returns who owns it.
     *
     * @return {@code user:group}; {@code root:root} by default
     */
    @Value.Default
    default String owner() {
        return "root:root";
    }

    /**
     * Returns its permissions.
     *
     * @return octal digits; {@code 644} by default
     */
    @Value.Default
    default String mode() {
        return "644";
    }

    /**
     * Returns whether plans show the content.
     *
     * @return {@link Visibility#SHOWN} by default
     */
    @Value.Default
    default Visibility visibility() {
        return Visibility.SHOWN;
    }

    /**
     * Returns what covers the secrets of a file that is {@link Visibility#MASKED}.
     *
     * @return the mask; by default none
     */
    Optional<FileMask> mask();

    /**
     * Returns the script that checks the new content before it is installed; the candidate file's path is {@code $1}. A
     * non-zero status refuses it, and what the script printed becomes the reason.
     *
     * @return POSIX {@code sh}; by default none
     */
    Optional<String> check();

    /**
     * Returns what runs after the file is in place, for example {@code systemctl daemon-reload}.
     *
     * @return POSIX {@code sh}; by default none
     */
    Optional<String> afterwards();

    @Override
    List<Notification> notifies();

    @Override
    @Value.Derived
    default String id() {
        return "file:" + path();
    }

    @Override
    @Value.Derived
    default String title() {
        return "write " + path();
    }

    @Override
    default Probe probe() {
        HostFile.Look look = visibility() != Visibility.HIDDEN ? HostFile.Look.CONTENT : HostFile.Look.HASH;
        return new Probe(
                id(),
                List.of(look.batch(path())),
                printed -> FileState.of(look.find(printed.get(0), path()), visibility())
                        .text(),
                "absent");
    }

    @Override
    default Optional<Change> diff(Observation observation) {
        FileState wanted = FileState.of(this);
        if (observation.text().equals(wanted.text())) {
            return Optional.empty();
        }
        FileState found = FileState.parse(observation.text());
        return Optional.of(new Change(found.reasonAgainst(wanted), Impact.NONE, fileDiff(found)));
    }

    private Optional<FileDiff> fileDiff(FileState found) {
        if (found.fingerprint().equals(FileState.of(this).fingerprint())) {
            return Optional.empty();
        }
        return Optional.of(
                switch (visibility()) {
                    case SHOWN -> Diffs.unified(path(), found.content(), content());
                    case MASKED ->
                        mask().map(mask -> Diffs.masked(path(), found.content(), content(), mask))
                                .orElseGet(() -> Diffs.hidden(path()));
                    case HIDDEN -> Diffs.hidden(path());
                });
    }

    @Override
    default Act.OnHost act(Observation observation) {
        return Act.onHost(
                Command.builder()
                        .script(Pending.mark(notifies())
                                + InstallScript.of(path(), owner(), mode(), check(), afterwards()))
                        .stdin(content().getBytes(StandardCharsets.UTF_8))
                        .build(),
                FileState.of(this).text());
    }

    /** Names whether a file's content may be shown. */
    enum Visibility {
        /** Plans show the difference. */
        SHOWN,
        /** The content holds secrets: plans show the difference without them. */
        MASKED,
        /** The content is secret as a whole: only its hash is looked at, and nothing of it is shown. */
        HIDDEN
    }

    /**
     * Returns a builder.
     *
     * @param path the absolute path
     * @return a new builder; {@code content} is mandatory
     */
    static Builder at(String path) {
        return new Builder().path(path);
    }

    /** Builds a {@link FileResource}. Confined to one thread. */
    final class Builder extends ImmutableFileResource.Builder {
        Builder() {}

        /**
         * Declares that the content holds secrets among other things.
         *
         * @param mask covers the secrets, so that plans can show the rest
         * @return this builder
         */
        public Builder secretsBehind(FileMask mask) {
            return visibility(Visibility.MASKED).mask(mask);
        }

        /**
         * Declares that the content is secret as a whole.
         *
         * @return this builder
         */
        public Builder secret() {
            return visibility(Visibility.HIDDEN);
        }

        /**
         * Declares that a unit must restart when the file changes.
         *
         * @param unit the unit's name without {@code .service}
         * @return this builder
         */
        public Builder restarts(String unit) {
            return notify(ServiceResource.restart(unit));
        }

        /**
         * Declares that a unit must reload when the file changes.
         *
         * @param unit the unit's name without {@code .service}
         * @return this builder
         */
        public Builder reloads(String unit) {
            return notify(ServiceResource.reload(unit));
        }

        /**
         * Adds notifications to more units.
         *
         * @param notifications what has to react
         * @return this builder
         */
        public Builder notifying(List<Notification> notifications) {
            return addAllNotifies(new ArrayList<>(notifications));
        }
    }
}
