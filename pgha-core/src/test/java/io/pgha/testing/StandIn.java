package io.pgha.testing;

import io.pgha.model.NodeRole;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.StageSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Serves roles by name only, where a test is about something else. */
public record StandIn(Set<NodeRole> roles) implements Component {

    /** Returns one that serves all roles that the components leave. */
    public static StandIn beside(List<Component> components) {
        Set<NodeRole> left = EnumSet.allOf(NodeRole.class);
        components.forEach(component -> left.removeAll(component.roles()));
        return new StandIn(left);
    }

    @Override
    public String name() {
        return "stand-in";
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        return List.of();
    }
}
