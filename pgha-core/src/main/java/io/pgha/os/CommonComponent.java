package io.pgha.os;

import io.pgha.Problem;
import io.pgha.model.ClusterConfig;
import io.pgha.model.Node;
import io.pgha.model.os.TimeSync;
import io.pgha.plan.Phase;
import io.pgha.resource.PackagesResource;
import io.pgha.spi.Component;
import io.pgha.spi.PlanContext;
import io.pgha.spi.PreflightRule;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.spi.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Declares what every host has: the claim, rules for package scripts, all components' packages in one go, the nodes'
 * names, the clock and the kernel settings. Its preflight says, all problems at once, why a host cannot be used.
 *
 * <p>Immutable and thread-safe.
 */
public final class CommonComponent implements Component {

    /** Creates the component. */
    public CommonComponent() {}

    @Override
    public String name() {
        return "common";
    }

    @Override
    public List<String> packages(PlanContext context, Node node) {
        List<String> packages = new ArrayList<>(List.of("iproute2", "openssl"));
        if (context.config().os().timeSync() == TimeSync.CHRONY) {
            packages.add("chrony");
        }
        packages.addAll(context.config().os().packages());
        return packages;
    }

    @Override
    public List<PreflightRule> preflight(PlanContext context) {
        return context.config().topology().nodes().stream()
                .flatMap(node -> Stream.concat(
                        HostRules.of(context.config(), node).stream(),
                        PackageProspects.of(node, context.packages(node)).stream()))
                .toList();
    }

    @Override
    public List<Problem> check(PlanContext context) {
        return FleetChecks.of(context);
    }

    @Override
    public List<Trace> traces(PlanContext context) {
        return context.config().topology().nodes().stream()
                .map(HostsBlock::trace)
                .toList();
    }

    @Override
    public List<StageSpec> stages(PlanContext context) {
        StageSpec.Builder stage = StageSpec.of(Phase.OS, "operating system");
        context.config().topology().nodes().forEach(node -> stage.lane(node, resources(context, node)));
        return List.of(stage.build());
    }

    private static List<Resource> resources(PlanContext context, Node node) {
        ClusterConfig config = context.config();
        List<Resource> resources = new ArrayList<>();
        resources.add(Claim.resource(config, node));
        resources.addAll(PackageRules.resources());
        resources.addAll(context.beforePackages(node));
        resources.add(new PackagesResource(context.packages(node)));
        resources.add(HostsBlock.resource(config));
        if (config.os().timeSync() == TimeSync.CHRONY) {
            resources.add(TimeKeeping.chrony());
        }
        SysctlResource kernel = new SysctlResource(KernelSettings.of(config, node));
        resources.add(kernel.file());
        if (!kernel.settings().isEmpty()) {
            resources.add(kernel);
        }
        return resources;
    }

    @Override
    public String toString() {
        return "Component " + name();
    }
}
