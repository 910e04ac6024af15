package io.pgha.examples.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.examples.lab.LabExtension;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives test classes the one cluster of this JVM, as {@link ClusterTest} describes. */
final class ClusterExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    /** Says that the class before this one has left an empty plan, which need not be made again. */
    private static final String SEEN = "seen";

    @Override
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        if (isOutermost(context)) {
            boolean justSeen =
                    store(context).remove(SEEN) != null && cluster(context).isClaimed();
            if (!justSeen) {
                cluster(context).ensureDeployed();
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        if (isOutermost(context)) {
            assertThat(cluster(context).remainder())
                    .as("what a plan finds to do behind %s", context.getDisplayName())
                    .isEmpty();
            store(context).put(SEEN, true);
        }
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getRoot().getStore(ExtensionContext.Namespace.create(ClusterExtension.class));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LabCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return cluster(context);
    }

    private static boolean isOutermost(ExtensionContext context) {
        return context.getRequiredTestClass().getEnclosingClass() == null;
    }

    private static LabCluster cluster(ExtensionContext context) {
        return LabCluster.on(LabExtension.lab(context));
    }
}
