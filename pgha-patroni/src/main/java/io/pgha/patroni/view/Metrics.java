package io.pgha.patroni.view;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What one member measures ({@code GET /metrics}), by the names that Prometheus gets. Immutable.
 *
 * @param member the member's name
 * @param samples all samples, in Patroni's order
 */
public record Metrics(String member, List<Sample> samples) {

    /**
     * Copies the list.
     *
     * @param member the member's name
     * @param samples all samples
     */
    public Metrics {
        samples = List.copyOf(samples);
    }

    /**
     * One number. Immutable.
     *
     * @param name for example {@code patroni_postgres_running}
     * @param labels values by label name, for example {@code scope} and, from Patroni 3.2 on, {@code name}
     * @param value the number; may be infinite or not a number
     */
    public record Sample(String name, Map<String, String> labels, double value) {

        /**
         * Copies the map.
         *
         * @param name the name
         * @param labels values by label name
         * @param value the number
         */
        public Sample {
            labels = Map.copyOf(labels);
        }
    }

    /**
     * Returns a number.
     *
     * @param name for example {@code patroni_postgres_timeline}
     * @return the first sample of that name, or empty where this version of Patroni has none
     */
    public OptionalDouble value(String name) {
        return samples.stream()
                .filter(sample -> sample.name().equals(name))
                .mapToDouble(Sample::value)
                .findFirst();
    }

    /**
     * Returns a number that says yes or no.
     *
     * @param name for example {@code patroni_pending_restart}
     * @return true where there is such a sample and it is not 0
     */
    public boolean on(String name) {
        return value(name).orElse(0) != 0;
    }
}
