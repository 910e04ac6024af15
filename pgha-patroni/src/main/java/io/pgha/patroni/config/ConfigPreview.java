package io.pgha.patroni.config;

import io.pgha.Problem;
import io.pgha.patroni.PatroniClient;
import io.pgha.plan.FileDiff;
import io.pgha.plan.Impact;
import java.util.List;
import java.util.Set;

/**
 * What an edit of the dynamic configuration would change, and what that does to the cluster; nothing is changed yet.
 * Hand it to {@link PatroniClient#editConfig(ConfigPreview)}, which changes exactly this or nothing.
 *
 * <p>Immutable and thread-safe. {@code toString} is a line of summary, the problems and the diff.
 */
public interface ConfigPreview {

    /**
     * Returns the configuration as it was found.
     *
     * @return the configuration before
     */
    DynamicConfig before();

    /**
     * Returns the configuration as it would be.
     *
     * @return the configuration after
     */
    DynamicConfig after();

    /**
     * Returns whether nothing would change.
     *
     * @return true where the edit asks for what is there
     */
    boolean isEmpty();

    /**
     * Returns the paths of the values that would change.
     *
     * @return sorted, for example {@code postgresql.parameters.work_mem}
     */
    Set<String> paths();

    /**
     * Returns the difference as patronictl shows it, but for secrets.
     *
     * @return a unified diff of the YAML, with {@code ****} for secrets that stand in it, and {@code **** (changed)}
     *     for new ones
     */
    FileDiff diff();

    /**
     * Returns what the change does to the cluster, restarts that it asks for included.
     *
     * @return {@code NONE} where nothing changes; {@code RELOAD} where Patroni passes it on by itself;
     *     {@code ROLLING_RESTART} where members must restart for it, which Patroni leaves to an operator;
     *     {@code SWITCHOVER} where the primary stops taking writes
     */
    Impact impact();

    /**
     * Returns the parameters whose new values wait for a restart of PostgreSQL.
     *
     * @return names, sorted
     */
    Set<String> restartParameters();

    /**
     * Returns what Patroni would silently change or ignore; an edit with any is refused.
     *
     * @return the problems, each with its remedy
     */
    List<Problem> problems();
}
