package io.pgha.patroni.internal.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.patroni.internal.settings.DynamicSettings.Moment;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.spi.PlanContext;
import java.util.List;
import java.util.Set;

/** The part of the dynamic configuration that comes at one moment, as it should be. Immutable and thread-safe. */
public final class WantedConfig {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final Moment moment;
    private final ObjectNode wanted;
    private final Set<String> parameters;

    private WantedConfig(Moment moment, ObjectNode wanted, Set<String> parameters) {
        this.moment = moment;
        this.wanted = wanted;
        this.parameters = parameters;
    }

    public static WantedConfig of(PlanContext context, Moment moment) {
        DynamicSettings settings = DynamicSettings.of(context);
        return new WantedConfig(moment, JSON.valueToTree(settings.tree(moment)), Set.copyOf(settings.names()));
    }

    /** Returns what differs in a configuration as Patroni has it; in one that cannot be read, everything. */
    public DynamicConfigDiff diff(String json) {
        JsonNode found = read(json);
        JsonNode remembered = found.path("pgha").path(moment.list());
        return DynamicConfigDiff.of(found, wanted, remembered, parameters);
    }

    /** Returns the patch that a configuration, as Patroni has it, still needs. */
    public ObjectNode missing(String json) {
        return diff(json).patch();
    }

    /** Returns the patch that a configuration needs to be wanted in all its parts. */
    public static ObjectNode missing(List<WantedConfig> parts, String json) {
        ObjectNode all = JSON.createObjectNode();
        parts.forEach(part -> merge(all, part.missing(json)));
        return all;
    }

    /** Unlike a patch that is applied, nulls stay. */
    private static void merge(ObjectNode into, ObjectNode patch) {
        patch.properties().forEach(entry -> {
            if (entry.getValue() instanceof ObjectNode child
                    && into.get(entry.getKey()) instanceof ObjectNode present) {
                merge(present, child);
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        });
    }

    /** Returns whether a configuration, as Patroni has it, is the wanted one as far as this part goes. */
    public boolean agrees(String json) {
        return diff(json).isEmpty();
    }

    /** Returns a configuration that is the wanted one as far as this part goes. */
    public String json() {
        return json(wanted);
    }

    /** Returns what Patroni makes of a patch. */
    public static String patched(String json, ObjectNode patch) {
        ObjectNode all = read(json) instanceof ObjectNode object ? object : JSON.createObjectNode();
        ConfigMerge.apply(all, patch);
        return json(all);
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException unreadable) {
            return JSON.missingNode();
        }
    }

    public static String json(Object tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
