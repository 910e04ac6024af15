package io.pgha.patroni;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.pgha.Problem;
import io.pgha.plan.FileDiff;
import io.pgha.plan.Impact;
import io.pgha.run.WhenClosed;
import io.pgha.spi.DistributedConfigStore.Versioned;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an edit of the dynamic configuration would change, and what that does to the cluster; nothing is changed yet. Hand it to
 * {@link PatroniClient#editConfig(ConfigPreview)}, which changes exactly this or nothing.
 *
 * <p>Immutable and thread-safe. {@code toString} is a line of summary, the problems and the diff.
 */
public final class ConfigPreview {
    private static final int CONTEXT = 3;

    private final ObjectNode before;
    private final ObjectNode after;
    private final ObjectNode patch;
    private final List<Problem> problems;
    private final ConfigImpact impact;
    private final Duration awaitMembers;
    private final WhenClosed whenClosed;
    private final Optional<Versioned> expected;

    ConfigPreview(ObjectNode before, ObjectNode after, Servers servers, ConfigEdit edit, Optional<Versioned> expected) {
        this.before = before;
        this.after = after;
        this.patch = ConfigMerge.patch(before, after);
        this.problems = ConfigRules.check(after, ConfigMerge.paths(patch), servers);
        this.impact = ConfigImpact.of(before, after, ConfigMerge.paths(patch));
        this.awaitMembers = edit.awaitMembers();
        this.whenClosed = edit.whenClosed();
        this.expected = expected;
    }

    /**
     * Returns the configuration as it was found.
     *
     * @return the configuration before
     */
    public DynamicConfig before() {
        return DynamicConfig.of(before);
    }

    /**
     * Returns the configuration as it would be.
     *
     * @return the configuration after
     */
    public DynamicConfig after() {
        return DynamicConfig.of(after);
    }

    /**
     * Returns whether nothing would change.
     *
     * @return true where the edit asks for what is there
     */
    public boolean isEmpty() {
        return patch.isEmpty();
    }

    /**
     * Returns the paths of the values that would change.
     *
     * @return sorted, for example {@code postgresql.parameters.work_mem}
     */
    public Set<String> paths() {
        return ConfigMerge.paths(patch);
    }

    /**
     * Returns the difference as patronictl shows it.
     *
     * @return a unified diff of the YAML
     */
    public FileDiff diff() {
        List<String> old = DynamicConfig.of(before).yaml().lines().toList();
        List<String> lines = isEmpty()
                ? List.of()
                : UnifiedDiffUtils.generateUnifiedDiff(
                        "before",
                        "after",
                        old,
                        DiffUtils.diff(
                                old, DynamicConfig.of(after).yaml().lines().toList()),
                        CONTEXT);
        return new FileDiff("Patroni's dynamic configuration", String.join("\n", lines));
    }

    /**
     * Returns what the change does to the cluster, restarts that it asks for included.
     *
     * @return {@code NONE} where nothing changes; {@code RELOAD} where Patroni passes it on by itself; {@code ROLLING_RESTART}
     *     where members must restart for it, which Patroni leaves to an operator; {@code SWITCHOVER} where the primary stops
     *     taking writes
     */
    public Impact impact() {
        return impact.impact();
    }

    /**
     * Returns the parameters whose new values wait for a restart of PostgreSQL.
     *
     * @return names, sorted
     */
    public Set<String> restartParameters() {
        return impact.restartParameters();
    }

    /**
     * Returns what Patroni would silently change or ignore; an edit with any is refused.
     *
     * @return the problems, each with its remedy
     */
    public List<Problem> problems() {
        return problems;
    }

    ObjectNode patch() {
        return patch.deepCopy();
    }

    ObjectNode wanted() {
        return after.deepCopy();
    }

    ObjectNode found() {
        return before.deepCopy();
    }

    Duration awaitMembers() {
        return awaitMembers;
    }

    WhenClosed whenClosed() {
        return whenClosed;
    }

    /** Returns what maintenance must be open for; empty where the change interrupts nothing. */
    Optional<String> interruption() {
        return impact.interruption();
    }

    Optional<Versioned> expected() {
        return expected;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                isEmpty() ? "Nothing to change" : "Would change " + paths().size() + " values, impact " + impact());
        if (!restartParameters().isEmpty()) {
            text.append("\nRestart needed for: ").append(String.join(", ", restartParameters()));
        }
        problems.forEach(problem -> text.append("\nRefused: ").append(problem));
        return isEmpty()
                ? text.toString()
                : text.append('\n').append(diff().unified()).toString();
    }
}
