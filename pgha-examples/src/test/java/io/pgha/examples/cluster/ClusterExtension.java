package io.pgha.examples.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgha.examples.lab.LabExtension;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test class a cluster of its own, as {@link ClusterTest} describes. */
final class ClusterExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(ClusterExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        if (isOutermost(context)) {
            context.getStore(NAMESPACE).put(LabCluster.class, frozen(context).thaw());
        }
    }

    /**
     * Returns what all classes of this JVM begin from; the first, and each behind one that closed the lab, must make
     * it.
     */
    private static FrozenCluster frozen(ExtensionContext context) throws InterruptedException {
        ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
        FrozenCluster found = store.get(FrozenCluster.class, FrozenCluster.class);
        if (found != null && found.isOf(LabExtension.lab(context))) {
            return found;
        }
        FrozenCluster made = FrozenCluster.deploy(LabExtension.bareLab(context));
        store.put(FrozenCluster.class, made);
        return made;
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        // Where the cluster was not brought back, that has failed already.
        if (isOutermost(context) && cluster(context) != null) {
            try (LabCluster cluster = cluster(context)) {
                assertThat(cluster.remainder())
                        .as("what a plan finds to do behind %s", context.getDisplayName())
                        .isEmpty();
            }
        }
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

    /** Returns the class's cluster, which its tests and nested classes find in the store of the class, too. */
    private static LabCluster cluster(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(LabCluster.class, LabCluster.class);
    }
}
