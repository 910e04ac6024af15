package io.pgha.internal;

import io.pgha.model.Node;
import io.pgha.plan.Phase;
import io.pgha.resource.AwaitResource;
import io.pgha.resource.FileResource;
import io.pgha.resource.ServiceResource;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.RollingPolicy;
import io.pgha.spi.StageSpec;
import java.util.List;

/** A file, the daemon that reads it, and a wait for the daemon, on every etcd node. */
record ToyComponent(String content, RollingPolicy policy) implements Component {

    ToyComponent(String content) {
        this(content, RollingPolicy.together());
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        StageSpec.Builder files = StageSpec.of(Phase.TRUST, "toy files");
        StageSpec.Builder daemons = StageSpec.of(Phase.DCS, "toy daemons").policy(policy);
        for (Node node : context.config().etcdNodes()) {
            files.lane(
                    node,
                    FileResource.at("/etc/toy.conf")
                            .content(content)
                            .restarts("toy")
                            .build());
            daemons.lane(
                    node,
                    ServiceResource.unit("toy").build(),
                    AwaitResource.named("toy-ready")
                            .condition("toy answers")
                            .check("true")
                            .unit("toy")
                            .build());
        }
        return List.of(daemons.build(), files.build());
    }
}
