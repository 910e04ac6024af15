package io.pgha.model.hba;

import io.pgha.text.PostgresList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges the options of a line with {@code radius} together: lists of servers, and of what belongs to each. Stateless.
 */
final class HbaRadius {
    private static final String SERVERS = "radiusservers";
    private static final String SECRETS = "radiussecrets";
    private static final String PORTS = "radiusports";

    private HbaRadius() {}

    static Optional<String> problem(Map<String, String> options) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        for (String name : List.of(SERVERS, SECRETS, PORTS, "radiusidentifiers")) {
            Optional<List<String>> list = PostgresList.read(options.getOrDefault(name, ""));
            if (list.isEmpty()) {
                return Optional.of(name + " is no list: write one item, or \"a,b\" with none of them empty");
            }
            lists.put(name, list.get());
        }
        int servers = lists.getOrDefault(SERVERS, List.of()).size();
        for (Map.Entry<String, List<String>> list : lists.entrySet()) {
            int size = list.getValue().size();
            if (size == 0 && (list.getKey().equals(SERVERS) || list.getKey().equals(SECRETS))) {
                return Optional.of("radius needs radiusservers and radiussecrets");
            }
            if (size > 1 && size != servers) {
                return Optional.of(list.getKey() + " has " + size + " items for " + servers
                        + " radiusservers; write one for all, or one for each");
            }
        }
        return lists.getOrDefault(PORTS, List.of()).stream().allMatch(HbaOptions::port)
                ? Optional.empty()
                : Optional.of("radiusports must be ports");
    }
}
