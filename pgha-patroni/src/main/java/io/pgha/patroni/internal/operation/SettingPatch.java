package io.pgha.patroni.internal.operation;

import io.pgha.net.Deadline;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.ClusterSettings;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Commands;
import io.pgha.patroni.internal.rest.Failure;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.rest.Told;
import io.pgha.patroni.internal.text.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A change of one key of the dynamic configuration that can be seen to be in force ({@code PATCH /config}). Any member
 * serves. Two members are asked only when the first certainly did not get it, or lost a race for the key.
 */
final class SettingPatch {
    private static final int MOST_RACES = 5;

    private final Access access;
    private final String json;
    private final Evidence evidence;

    /** Sees whether the change is in force; throws where the cluster cannot be seen. */
    interface Evidence {
        boolean inForce() throws InterruptedException;
    }

    SettingPatch(Access access, Map<String, ?> patch, Evidence evidence) {
        this.access = access;
        this.json = Json.write(patch);
        this.evidence = evidence;
    }

    /**
     * Makes the change.
     *
     * @param what the change, for messages
     * @return what there is to say, or empty where everything went as asked
     */
    Optional<String> apply(String what, ClusterSettings settings) throws InterruptedException {
        Request request = Request.patch("/config", json);
        Map<Channel, Failure> failures = new LinkedHashMap<>();
        int races = 0;
        for (Channel channel : access.rest().members().byHope()) {
            Told told = send(channel, request);
            while (told.answered(409) && races < MOST_RACES) {
                races++;
                if (evidence.inForce()) {
                    return Optional.of(told.words() + "; the cluster shows " + what + ".");
                }
                access.pause();
                told = send(channel, request);
            }
            if (told.failure().isPresent()) {
                failures.put(channel, told.failure().get());
            } else if (told.answered(200)) {
                return Optional.empty();
            } else if (told.lost()) {
                return afterLoss(what, told, settings);
            } else {
                throw Results.failed(
                        "Patroni did not accept " + what + ": " + told.words(),
                        "see Patroni's log (journalctl -u patroni) on the member at " + channel + ".");
            }
        }
        throw Failure.ofAll(request, failures);
    }

    private Told send(Channel channel, Request request) throws InterruptedException {
        Deadline patience = Deadline.in(access.timing().margin());
        return Commands.send(access.rest(), channel, request, patience);
    }

    private Optional<String> afterLoss(String what, Told told, ClusterSettings settings) throws InterruptedException {
        Deadline settled = Deadline.in(access.settling(settings));
        boolean seen = false;
        while (true) {
            try {
                if (evidence.inForce()) {
                    return Optional.of(told.words() + "; the cluster shows " + what + ".");
                }
                seen = true;
            } catch (PatroniException e) {
                access.rest().checkOpen();
                seen = false; // the member that lost the answer may be in trouble; the deadline ends the waiting
            }
            if (settled.passed()) {
                if (seen) {
                    throw Results.failed(
                            told.words() + ", and the cluster does not show " + what,
                            "see whether Patroni reaches etcd (journalctl -u patroni), then ask again.");
                }
                throw Results.unknown("Whether the cluster took " + what + " cannot be said: " + told.words());
            }
            access.pause();
        }
    }
}
