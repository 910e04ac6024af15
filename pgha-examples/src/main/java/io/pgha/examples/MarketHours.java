package io.pgha.examples;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.THURSDAY;
import static java.time.DayOfWeek.TUESDAY;
import static java.time.DayOfWeek.WEDNESDAY;

import io.pgha.PgHa;
import io.pgha.model.ClusterConfig;
import io.pgha.patroni.Patroni;
import io.pgha.patroni.PatroniClient;
import io.pgha.patroni.SwitchoverResult;
import io.pgha.run.MaintenanceClosedException;
import io.pgha.run.RunReport;

/** The README's market hours, as they compile. */
public final class MarketHours {
    private MarketHours() {}

    /**
     * Says when the market trades.
     *
     * @param cluster a cluster
     * @return the same, closed to maintenance while the market trades
     */
    public static ClusterConfig closed(ClusterConfig cluster) {
        // region closed
        ClusterConfig config = ClusterConfig.builder()
                .from(cluster)
                .maintenance(m -> m.zone("Asia/Tokyo")
                        .closed("09:00", "15:00", MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
                        .holiday("2027-01-01"))
                .build();
        // endregion
        return config;
    }

    /**
     * Works around market hours.
     *
     * @param pgha the library
     * @param config a cluster with market hours
     * @throws InterruptedException when the thread is interrupted
     */
    public static void work(PgHa pgha, ClusterConfig config) throws InterruptedException {
        // region work
        try (PatroniClient patroni = Patroni.client(pgha.cluster(config))) {
            patroni.switchover(s -> s.to("postgres-02"));
        } catch (MaintenanceClosedException e) {
            System.out.println(e.getMessage()); // ... maintenance is closed until 15:00 Asia/Tokyo ...
        }
        RunReport report = pgha.cluster(config).plan().apply(run -> run.override("disk fails, ticket 4711"));
        pgha.cluster(config).plan().apply(run -> run.atNextOpening());
        // endregion
        System.out.println(report.overridden());
    }

    /**
     * Leaves a switchover to Patroni.
     *
     * @param patroni a client
     * @return what is scheduled
     * @throws InterruptedException when the thread is interrupted
     */
    public static SwitchoverResult tonight(PatroniClient patroni) throws InterruptedException {
        return patroni.switchover(s -> s.atNextOpening());
    }
}
