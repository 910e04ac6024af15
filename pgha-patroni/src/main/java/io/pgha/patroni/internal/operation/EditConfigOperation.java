package io.pgha.patroni.internal.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgha.PgHaException;
import io.pgha.Problem;
import io.pgha.net.Deadline;
import io.pgha.patroni.OutcomeUnknownException;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.config.ConfigEdit;
import io.pgha.patroni.config.ConfigRefusedException;
import io.pgha.patroni.config.DynamicConfig;
import io.pgha.patroni.config.EditConfigResult;
import io.pgha.patroni.internal.config.ConfigDocument;
import io.pgha.patroni.internal.config.PreparedEdit;
import io.pgha.patroni.internal.config.Servers;
import io.pgha.patroni.internal.protocol.ClusterReader;
import io.pgha.patroni.internal.protocol.Timing;
import io.pgha.patroni.internal.rest.Call;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Failure;
import io.pgha.patroni.internal.rest.Reply;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.ConfigMerge;
import io.pgha.patroni.internal.text.ConfigText;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.PatroniVersion;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import io.pgha.port.DistributedConfigStore;
import io.pgha.port.DistributedConfigStore.Versioned;
import io.pgha.run.MaintenanceGate;
import io.pgha.run.WhenClosed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Edits the dynamic configuration: by compare-and-set in the DCS where the client has a way to it, else by Patroni's
 * {@code PATCH /config}, whose result is read back. Confined to one call.
 */
public final class EditConfigOperation {
    /** Others write rarely; who loses this often against them is told. */
    private static final int ATTEMPTS = 5;

    private static final String UNASKED = "it advertises no REST API";

    private final Rest rest;
    private final ClusterReader reader;
    private final Timing timing;
    private final Optional<DistributedConfigStore> store;
    private final Interruptions interruptions;
    private final Optional<Servers.Roles> roles;
    private final Optional<FilesLook.Asking> asking;

    public EditConfigOperation(
            Rest rest,
            ClusterReader reader,
            Timing timing,
            Optional<DistributedConfigStore> store,
            Interruptions interruptions,
            Optional<Servers.Roles> roles,
            Optional<FilesLook.Asking> asking) {
        this.rest = rest;
        this.reader = reader;
        this.timing = timing;
        this.store = store;
        this.interruptions = interruptions;
        this.roles = roles;
        this.asking = asking;
    }

    /** Reads the configuration from where it will be written. */
    public DynamicConfig show() throws InterruptedException {
        return ConfigDocument.of(base().tree());
    }

    public PreparedEdit prepare(ConfigEdit edit) throws InterruptedException {
        Base base = base();
        return new PreparedEdit(base.tree(), edit, servers(), base.versioned());
    }

    /** Looks at the versions and addresses that decide what can be accepted. */
    private Servers servers() throws InterruptedException {
        ClusterView view = reader.view();
        Set<String> addresses = new LinkedHashSet<>();
        view.members().forEach(member -> member.host().ifPresent(addresses::add));
        List<MemberView> leader = view.leader().map(List::of).orElse(List.of());
        OptionalInt major = reader.probe(leader).values().stream()
                .flatMap(probe -> probe.status().stream())
                .flatMapToInt(status -> status.serverVersion().stream())
                .map(version -> version / 10_000)
                .findFirst();
        return new Servers(view.patroniVersion().flatMap(PatroniVersion::parse), major, addresses, roles);
    }

    /** Makes the edit of whatever is there; another writer's change in between is kept. */
    public EditConfigResult run(ConfigEdit edit) throws InterruptedException {
        MaintenanceGate.Pass pass = pass(edit.whenClosed());
        if (edit.whenClosed() instanceof WhenClosed.Await) {
            awaitOpening(prepare(edit));
        }
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            PreparedEdit prepared = prepare(edit);
            permit(prepared, pass);
            ClusterView view = reader.view();
            Optional<FilesLook> files = files(prepared, view);
            if (prepared.isEmpty() || write(prepared, view)) {
                return settled(prepared, view, files, pass);
            }
            rest.pause(timing.poll());
        }
        throw conflict("it was changed by somebody else " + ATTEMPTS + " times in a row");
    }

    /** Makes exactly the change that was previewed, or none. */
    public EditConfigResult run(PreparedEdit prepared) throws InterruptedException {
        MaintenanceGate.Pass pass = pass(prepared.whenClosed());
        if (prepared.whenClosed() instanceof WhenClosed.Await) {
            awaitOpening(prepared);
        }
        permit(prepared, pass);
        if (prepared.expected().isPresent() != store.isPresent() || store.isEmpty()) {
            if (!base().tree().equals(prepared.found())) {
                throw conflict("it is no longer what the preview was made of");
            }
        }
        ClusterView view = reader.view();
        Optional<FilesLook> files = files(prepared, view);
        if (prepared.isEmpty() || write(prepared, view)) {
            return settled(prepared, view, files, pass);
        }
        throw conflict("somebody else has changed it since the preview was made");
    }

    /**
     * The one place that every edit passes before it is sent, with what it does to the cluster known:
     * {@link PreparedEdit#interruption()}.
     */
    private static void permit(PreparedEdit prepared, MaintenanceGate.Pass pass) {
        if (!prepared.problems().isEmpty()) {
            throw new ConfigRefusedException(prepared.problems());
        }
        prepared.interruption().ifPresent(pass::check);
    }

    private MaintenanceGate.Pass pass(WhenClosed whenClosed) {
        return interruptions.pass("The change of the configuration", whenClosed);
    }

    /** What is refused anyway is not waited for; what the wait was for is looked at again behind it. */
    private void awaitOpening(PreparedEdit prepared) throws InterruptedException {
        if (prepared.problems().isEmpty() && prepared.interruption().isPresent()) {
            interruptions.awaitOpening(prepared.interruption().get());
        }
    }

    private record Base(ObjectNode tree, Optional<Versioned> versioned) {}

    private Base base() throws InterruptedException {
        if (store.isEmpty()) {
            return new Base(
                    ConfigDocument.tree(rest.first("/config", ConfigDocument::read, rest.oneRequest())
                            .value()),
                    Optional.empty());
        }
        Versioned versioned = store.get().config();
        try {
            return new Base((ObjectNode) Json.object(versioned.json()), Optional.of(versioned));
        } catch (BadAnswerException e) {
            throw new PatroniException(
                    Problem.of(
                            PatroniException.BAD_ANSWER,
                            "The dynamic configuration in the DCS is none: " + e.getMessage(),
                            "see patronictl show-config; a running leader writes back what it last knew."),
                    e);
        }
    }

    private boolean write(PreparedEdit prepared, ClusterView view) throws InterruptedException {
        Optional<Versioned> expected = prepared.expected();
        if (store.isEmpty() || expected.isEmpty()) {
            return patch(prepared, view);
        }
        try {
            return store.get().replaceConfig(expected.get(), ConfigText.json(prepared.wanted()));
        } catch (PgHaException e) {
            if (!e.code().equals(DistributedConfigStore.OUTCOME_UNKNOWN)) {
                throw e;
            }
            // What is there now may tell.
            if (base().tree().equals(prepared.wanted())) {
                return true;
            }
            throw unknown("the write to the DCS failed: " + e.problem().message(), e);
        }
    }

    private boolean patch(PreparedEdit prepared, ClusterView view) throws InterruptedException {
        Request request = new Request("PATCH", "/config", Optional.of(ConfigText.json(prepared.patch())));
        Map<Channel, Failure> failures = new LinkedHashMap<>();
        Deadline deadline = rest.oneRequest();
        for (Channel channel : leaderFirst(view)) {
            Reply reply = rest.ask(channel, request, deadline);
            if (reply instanceof Reply.NoAnswer none) {
                if (none.certainlyNotProcessed()) {
                    failures.put(channel, Failure.of(none));
                    channel.shun();
                    continue;
                }
                return seen(prepared, Failure.of(none).text());
            }
            Reply.Answer answer = (Reply.Answer) reply;
            if (answer.status() == 200) {
                return proven(prepared, answer, channel, request);
            }
            if (answer.status() == 409) {
                return false;
            }
            throw Failure.of(answer).at(channel, request);
        }
        throw Failure.ofAll(request, failures);
    }

    /** Patroni answers with the whole configuration as it has stored it. */
    private static boolean proven(PreparedEdit prepared, Reply.Answer answer, Channel channel, Request request) {
        try {
            if (ConfigMerge.holds(Json.object(answer.text()), prepared.patch())) {
                return true;
            }
            throw Failure.badAnswer("the configuration that it reports is not the one that was asked for")
                    .at(channel, request);
        } catch (BadAnswerException e) {
            throw Failure.badAnswer(e.getMessage()).at(channel, request);
        }
    }

    /** Looks whether a change whose answer was lost has come about. */
    private boolean seen(PreparedEdit prepared, String why) throws InterruptedException {
        Deadline deadline = Deadline.in(timing.margin());
        while (true) {
            try {
                if (ConfigMerge.holds(base().tree(), prepared.patch())) {
                    return true;
                }
            } catch (PatroniException e) {
                rest.checkOpen(); // the deadline ends the waiting
            }
            if (deadline.passed()) {
                throw unknown("Patroni's answer was lost: " + why, null);
            }
            rest.pause(timing.poll());
        }
    }

    /** Where PostgreSQL can be asked, and the edit changes its files. */
    private Optional<FilesLook> files(PreparedEdit prepared, ClusterView view) throws InterruptedException {
        return asking.isPresent() && FilesLook.concerns(prepared)
                ? Optional.of(FilesLook.before(asking.get(), () -> rest.pause(timing.poll()), view.members()))
                : Optional.empty();
    }

    private EditConfigResult settled(
            PreparedEdit prepared, ClusterView before, Optional<FilesLook> files, MaintenanceGate.Pass pass)
            throws InterruptedException {
        Map<String, String> unconfirmed = new LinkedHashMap<>();
        Map<String, List<String>> complaints = new LinkedHashMap<>();
        ClusterView view = before;
        if (!prepared.isEmpty() && !prepared.awaitMembers().isZero()) {
            Deadline deadline = Deadline.in(prepared.awaitMembers());
            unconfirmed.putAll(awaitMembers(prepared, before, deadline));
            view = awaitRestartFlags(prepared, before, deadline);
            if (files.isPresent()) {
                Duration round = prepared.after().loopWait().plus(timing.poll().multipliedBy(6));
                complaints.putAll(
                        files.get().after(prepared.patch(), prepared.after().pgHba(), deadline.atMost(round)));
                files.get().unasked().forEach(unconfirmed::putIfAbsent);
            }
        }
        Map<String, List<String>> pending = new LinkedHashMap<>();
        for (MemberView member : view.members()) {
            if (member.pendingRestart()) {
                pending.put(
                        member.name(),
                        List.copyOf(member.pendingRestartReasons().keySet()));
            }
        }
        return new EditConfigResult(
                !prepared.isEmpty(),
                prepared.before(),
                prepared.after(),
                prepared.diff(),
                prepared.impact(),
                unconfirmed,
                pending,
                complaints,
                pass.overridden());
    }

    /** Each member answers with the configuration that it works with, once its round has seen the new one. */
    private Map<String, String> awaitMembers(PreparedEdit prepared, ClusterView view, Deadline deadline)
            throws InterruptedException {
        Map<String, String> missing = new LinkedHashMap<>();
        view.members().forEach(member -> missing.put(member.name(), UNASKED));
        Request request = Request.get("/config");
        while (true) {
            Map<MemberView, Call> calls = new LinkedHashMap<>();
            for (MemberView member : view.members()) {
                if (missing.containsKey(member.name())) {
                    rest.members()
                            .channel(member)
                            .ifPresent(channel -> calls.put(member, rest.start(channel, request)));
                }
            }
            Deadline round = deadline.atMost(timing.probe());
            for (Map.Entry<MemberView, Call> entry : calls.entrySet()) {
                String name = entry.getKey().name();
                try {
                    String body = Failure.bodyOf(entry.getValue().await(round));
                    if (ConfigMerge.holds(Json.object(body), prepared.patch())) {
                        missing.remove(name);
                    } else {
                        missing.put(name, "it still works with the old configuration");
                    }
                } catch (Failure.FailedException e) {
                    if (!deadline.passed() || UNASKED.equals(missing.get(name))) {
                        missing.put(name, e.failure().text()); // else what it said before says more
                    }
                } catch (BadAnswerException e) {
                    missing.put(name, Failure.badAnswer(e.getMessage()).text());
                }
            }
            rest.checkOpen();
            if (missing.isEmpty() || deadline.passed() || calls.isEmpty()) {
                return missing;
            }
            rest.pause(timing.poll());
        }
    }

    /** Members notice that they must restart about a second after they know the configuration. */
    private ClusterView awaitRestartFlags(PreparedEdit prepared, ClusterView before, Deadline limit)
            throws InterruptedException {
        Deadline deadline =
                limit.atMost(prepared.after().loopWait().plus(timing.poll().multipliedBy(6)));
        while (true) {
            ClusterView view = reader.view();
            boolean told = prepared.restartParameters().isEmpty()
                    || view.members().stream()
                            .filter(MemberView::running)
                            .allMatch(member -> told(prepared, before, member));
            if (told || deadline.passed()) {
                return view;
            }
            rest.pause(timing.poll());
        }
    }

    private static boolean told(PreparedEdit prepared, ClusterView before, MemberView member) {
        Optional<MemberView> earlier = before.member(member.name());
        if (member.pendingRestart() != earlier.map(MemberView::pendingRestart).orElse(false)) {
            return true;
        }
        return !member.pendingRestartReasons().isEmpty()
                && member.pendingRestartReasons().keySet().containsAll(prepared.restartParameters());
    }

    private List<Channel> leaderFirst(ClusterView view) {
        List<Channel> channels = new ArrayList<>();
        view.leader().flatMap(rest.members()::channel).ifPresent(channels::add);
        rest.members().byHope().stream()
                .filter(channel -> !channels.contains(channel))
                .forEach(channels::add);
        return channels;
    }

    private static PatroniException conflict(String why) {
        return new PatroniException(
                Problem.of(
                        PatroniException.CONFIG_CONFLICT,
                        "The configuration was not changed: " + why,
                        "look at it again (showConfig) and repeat the edit."),
                null);
    }

    private static OutcomeUnknownException unknown(String why, @Nullable Throwable cause) {
        return new OutcomeUnknownException(
                Problem.of(
                        PatroniException.OUTCOME_UNKNOWN,
                        Text.printable("Whether the configuration was changed is unknown: " + why),
                        "look at it (showConfig, patronictl show-config) before editing again."),
                cause);
    }
}
