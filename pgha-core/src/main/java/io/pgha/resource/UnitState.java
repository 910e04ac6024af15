package io.pgha.resource;

import io.pgha.spi.Reaction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a service's probe tells: {@code ACTIVE CONDITION RELOAD UNITFILE PENDING}, in one line. */
record UnitState(String active, boolean needsDaemonReload, String unitFile, Optional<Reaction> pending) {

    /** Makes the line of what systemd knows of the unit, and of the marker of a reaction that is pending. */
    static String text(Optional<Map<String, String>> unit, Optional<String> marker) {
        Map<String, String> properties = unit.orElse(Map.of("ActiveState", "unknown"));
        return Stream.of("ActiveState", "ConditionResult", "NeedDaemonReload", "UnitFileState")
                        .map(name -> properties.getOrDefault(name, ""))
                        .collect(Collectors.joining(" ", "", " "))
                + marker.map(String::strip).filter(text -> !text.isEmpty()).orElse("none");
    }

    static UnitState parse(String text) {
        List<String> words = Arrays.asList(text.split(" ", -1));
        String last = words.get(words.size() - 1);
        return new UnitState(
                words.get(0),
                words.size() > 2 && words.get(2).equals("yes"),
                words.size() > 3 ? words.get(3) : "",
                Arrays.stream(Reaction.values())
                        .filter(reaction -> reaction.name().equals(last))
                        .findFirst());
    }

    /** A daemon that reads its configuration again serves all the while. */
    boolean serves() {
        return active.equals("active") || active.equals("reloading");
    }

    boolean enabled() {
        return List.of("enabled", "static", "alias", "indirect", "generated").contains(unitFile);
    }
}
