package io.pgha.internal;

import io.pgha.internal.answer.Answers;
import io.pgha.model.Node;
import io.pgha.plan.Change;
import io.pgha.plan.Step;
import io.pgha.run.StepRef;
import io.pgha.spi.Notification;
import io.pgha.spi.Observation;
import io.pgha.spi.Reaction;
import io.pgha.spi.Resource;
import io.pgha.spi.StageSpec;
import io.pgha.spi.Trigger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Turns declarations and observations into steps, in order, carrying triggers forward. Pure; used once. */
final class Differ {
    private final String cluster;
    private final Answers answers;
    private final Redaction redaction;
    private final Map<String, List<Trigger>> triggers = new LinkedHashMap<>();
    private int number;

    Differ(String cluster, Answers answers, Redaction redaction) {
        this.cluster = cluster;
        this.answers = answers;
        this.redaction = redaction;
    }

    List<PlannedStage> stages(List<StageSpec> specs) {
        List<PlannedStage> stages = new ArrayList<>();
        for (StageSpec spec : specs) {
            List<PlannedStep> whole = spec.cluster()
                    .map(lane -> lane(
                            spec,
                            cluster,
                            IntStream.range(0, lane.size())
                                    .mapToObj(lane::views)
                                    .toList()))
                    .orElse(List.of());
            Map<Node, List<PlannedStep>> lanes = new LinkedHashMap<>();
            spec.lanes().forEach((node, resources) -> {
                List<PlannedStep> steps = lane(
                        spec,
                        node.name(),
                        resources.stream()
                                .map(resource -> Map.of(node, resource))
                                .toList());
                if (!steps.isEmpty()) {
                    lanes.put(node, steps);
                }
            });
            PlannedStage stage = new PlannedStage(spec, whole, lanes);
            if (!stage.isEmpty()) {
                stages.add(stage);
            }
        }
        return stages;
    }

    private List<PlannedStep> lane(StageSpec spec, String place, List<Map<Node, Resource>> resources) {
        List<PlannedStep> steps = new ArrayList<>();
        for (Map<Node, Resource> views : resources) {
            Resource resource = views.values().iterator().next();
            Observation observation = new Observation(answers.of(views), triggers(place, resource, steps));
            Optional<Change> change = resource.diff(observation).map(redaction::covered);
            if (change.isPresent()) {
                StepRef ref = new StepRef(
                        ++number,
                        spec.title(),
                        place,
                        resource.title(),
                        change.get().reason());
                steps.add(new PlannedStep(new Step(ref, resource.id(), change.get()), views, observation));
                resource.notifies().forEach(notification -> remember(place, resource, notification));
            }
        }
        return steps;
    }

    /** What the resource was asked to react to; a wait also follows whatever changes before it in its lane. */
    private List<Trigger> triggers(String place, Resource resource, List<PlannedStep> before) {
        List<Trigger> all = new ArrayList<>(triggers.getOrDefault(key(place, resource.id()), List.of()));
        all.addAll(triggers.getOrDefault(resource.id(), List.of()));
        if (resource.volatility() == Resource.Volatility.TRANSIENT && !before.isEmpty()) {
            all.add(new Trigger("after: " + before.get(before.size() - 1).step().title(), Reaction.RELOAD));
        }
        return all;
    }

    private void remember(String place, Resource cause, Notification notification) {
        String key = notification.reach() == Notification.Reach.NODE
                ? key(place, notification.resourceId())
                : notification.resourceId();
        triggers.computeIfAbsent(key, any -> new ArrayList<>())
                .add(new Trigger(
                        cause.id().substring(cause.id().indexOf(':') + 1) + " changes", notification.reaction()));
    }

    private static String key(String place, String resource) {
        return place + "\n" + resource;
    }
}
