package io.pgha.patroni.internal.server;

import io.pgha.host.Script;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Renders the one question to a PostgreSQL server about itself, which {@link ServerReport} understands: one document,
 * so that one connection answers all of it. It runs on PostgreSQL 12 to 18, on replicas too. Stateless; no I/O.
 */
public final class ServerQuery {
    /** Settings of recovery: a promoted leader has no use for them, and Patroni leaves them out of its file. */
    public static final String RECOVERY = "^(recovery_(target|end|min)|restore_command|archive_cleanup_command"
            + "|primary_conninfo|primary_slot_name|promote_trigger_file)";

    /**
     * What Patroni has acted on is the copy of the dynamic configuration beside the data. {@code altered} names what
     * stands there and not so in Patroni's own file, where its journal may tell why. A file's time counts in whole
     * seconds, rounded down.
     */
    private static final String TEXT = """
            with patroni as materialized (
              select coalesce(nullif(pg_read_file('patroni.dynamic.json', 0, 16777216, true), ''), '{}')::jsonb as taken,
                current_setting('config_file') as main, current_setting('hba_file') as hba,
                current_setting('data_directory') || '/postgresql.auto.conf' as auto),
            given as (
              select lower(key) as name, value from patroni, jsonb_each_text(
                case jsonb_typeof(taken->'postgresql'->'parameters')
                  when 'object' then taken->'postgresql'->'parameters' else '{}' end)),
            asked as (select name from given union select unnest(array[{{names}}]::text[])),
            lines as materialized (select seqno, sourcefile, sourceline, lower(name) as name, setting, error from pg_file_settings)
            select jsonb_build_object(
              'pending', (select coalesce(jsonb_agg(name), '[]') from pg_settings where pending_restart and name !~ '{{recovery}}'),
              'settings', (select jsonb_object_agg(lower(name), jsonb_build_object('setting', setting,
                'shown', current_setting(name), 'source', source, 'context', context, 'pending', pending_restart))
                from pg_settings where lower(name) in (select name from asked)),
              'custom', (select jsonb_object_agg(name, current_setting(name, true)) from asked where name like '%.%'),
              'lines', (select jsonb_agg(jsonb_build_object('file', sourcefile, 'line', sourceline, 'name', name, 'value', setting,
                'error', error) order by seqno) from lines where error is not null or name in (select name from asked)),
              'altered', (select coalesce(jsonb_agg(name), '[]') from given where not exists (
                select from lines where sourcefile = main and lines.name = given.name and lower(setting) = lower(value))
                and name not in ('listen_addresses', 'port', 'cluster_name')),
              'main', main, 'auto', auto, 'hba', hba,
              'rules', pg_read_file(hba),
              'errors', (select jsonb_agg(jsonb_build_object('line', line_number, 'error', error) order by line_number)
                from pg_hba_file_rules where error is not null),
              'unread', (select coalesce(jsonb_agg(file), '[]') from unnest(array[main, auto, hba]) file
                where (pg_stat_file(file, true)).modification > pg_conf_load_time()),
              'taken', taken) from patroni""";

    private ServerQuery() {}

    /** Returns the question about some parameters, and about all that the dynamic configuration names. */
    public static String about(Set<String> parameters) {
        return Script.file(TEXT, UnaryOperator.identity())
                .part("recovery", RECOVERY)
                .part(
                        "names",
                        new TreeSet<>(parameters)
                                .stream()
                                        .map(name -> "lower('" + name.replace("'", "''") + "')")
                                        .collect(Collectors.joining(", ")))
                .render();
    }
}
