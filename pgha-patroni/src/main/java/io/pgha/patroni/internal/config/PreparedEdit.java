package io.pgha.patroni.internal.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.pgha.Problem;
import io.pgha.patroni.config.ConfigEdit;
import io.pgha.patroni.config.ConfigPreview;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.patroni.internal.text.CoveredConfig;
import io.pgha.plan.FileDiff;
import io.pgha.plan.Impact;
import io.pgha.port.DistributedConfigStore.Versioned;
import io.pgha.resource.SecretChanges;
import io.pgha.run.WhenClosed;
import io.pgha.text.Count;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An edit that is worked out and checked against what is there; see {@link ConfigPreview}. Immutable and thread-safe.
 */
public final class PreparedEdit implements ConfigPreview {
    private static final int CONTEXT = 3;
    private static final String NAME = "Patroni's dynamic configuration";

    private final ObjectNode before;
    private final ObjectNode after;
    private final ObjectNode patch;
    private final List<Problem> problems;
    private final ConfigImpact impact;
    private final Duration awaitMembers;
    private final WhenClosed whenClosed;
    private final Optional<Versioned> expected;

    public PreparedEdit(ObjectNode before, ConfigEdit edit, Servers servers, Optional<Versioned> expected) {
        this.before = before;
        this.after = ConfigDocument.tree(edit.on(ConfigDocument.of(before)));
        this.patch = ConfigMerge.patch(before, after);
        this.problems = ConfigRules.check(after, ConfigMerge.paths(patch), servers);
        this.impact = ConfigImpact.of(before, after, ConfigMerge.paths(patch));
        this.awaitMembers = edit.awaitMembers();
        this.whenClosed = edit.whenClosed();
        this.expected = expected;
    }

    @Override
    public DynamicConfig before() {
        return ConfigDocument.of(before);
    }

    @Override
    public DynamicConfig after() {
        return ConfigDocument.of(after);
    }

    @Override
    public boolean isEmpty() {
        return patch.isEmpty();
    }

    @Override
    public Set<String> paths() {
        return ConfigMerge.paths(patch);
    }

    @Override
    public FileDiff diff() {
        if (isEmpty()) {
            return new FileDiff(NAME, "");
        }
        SecretChanges secrets = new SecretChanges();
        List<String> old = CoveredConfig.yaml(before, secrets.before()).lines().toList();
        List<String> wanted = CoveredConfig.yaml(after, secrets.after()).lines().toList();
        List<String> lines =
                UnifiedDiffUtils.generateUnifiedDiff("before", "after", old, DiffUtils.diff(old, wanted), CONTEXT);
        return new FileDiff(
                NAME,
                lines.isEmpty()
                        ? "The same secrets stand in other places: " + String.join(", ", paths())
                        : String.join("\n", lines));
    }

    @Override
    public Impact impact() {
        return impact.impact();
    }

    @Override
    public Set<String> restartParameters() {
        return impact.restartParameters();
    }

    @Override
    public List<Problem> problems() {
        return problems;
    }

    /** Returns what a client was given by {@code previewConfig}. */
    public static PreparedEdit of(ConfigPreview preview) {
        if (preview instanceof PreparedEdit prepared) {
            return prepared;
        }
        throw new IllegalArgumentException("a preview comes from PatroniClient.previewConfig");
    }

    public ObjectNode patch() {
        return patch.deepCopy();
    }

    public ObjectNode wanted() {
        return after.deepCopy();
    }

    public ObjectNode found() {
        return before.deepCopy();
    }

    public Duration awaitMembers() {
        return awaitMembers;
    }

    public WhenClosed whenClosed() {
        return whenClosed;
    }

    /** Returns what maintenance must be open for; empty where the change interrupts nothing. */
    public Optional<String> interruption() {
        return impact.interruption();
    }

    public Optional<Versioned> expected() {
        return expected;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                isEmpty()
                        ? "Nothing to change"
                        : "Would change " + Count.of(paths().size(), "value") + ", impact " + impact());
        if (!restartParameters().isEmpty()) {
            text.append("\nRestart needed for: ").append(String.join(", ", restartParameters()));
        }
        problems.forEach(problem -> text.append("\nRefused: ").append(problem));
        return isEmpty()
                ? text.toString()
                : text.append('\n').append(diff().unified()).toString();
    }
}
