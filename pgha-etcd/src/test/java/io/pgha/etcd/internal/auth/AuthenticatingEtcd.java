package io.pgha.etcd.internal.auth;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthDisableRequest;
import io.etcd.jetcd.api.AuthDisableResponse;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthEnableResponse;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthRoleAddResponse;
import io.etcd.jetcd.api.AuthRoleDeleteRequest;
import io.etcd.jetcd.api.AuthRoleDeleteResponse;
import io.etcd.jetcd.api.AuthRoleGetRequest;
import io.etcd.jetcd.api.AuthRoleGetResponse;
import io.etcd.jetcd.api.AuthRoleGrantPermissionRequest;
import io.etcd.jetcd.api.AuthRoleGrantPermissionResponse;
import io.etcd.jetcd.api.AuthRoleListRequest;
import io.etcd.jetcd.api.AuthRoleListResponse;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserAddResponse;
import io.etcd.jetcd.api.AuthUserChangePasswordRequest;
import io.etcd.jetcd.api.AuthUserChangePasswordResponse;
import io.etcd.jetcd.api.AuthUserDeleteRequest;
import io.etcd.jetcd.api.AuthUserDeleteResponse;
import io.etcd.jetcd.api.AuthUserGetRequest;
import io.etcd.jetcd.api.AuthUserGetResponse;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleResponse;
import io.etcd.jetcd.api.AuthUserListRequest;
import io.etcd.jetcd.api.AuthUserListResponse;
import io.etcd.jetcd.api.AuthUserRevokeRoleRequest;
import io.etcd.jetcd.api.AuthUserRevokeRoleResponse;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.DeleteRangeResponse;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.Permission;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.PutResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * One member that answers over real gRPC from memory, with users, roles and tokens as etcd has them, and with Patronis
 * that take their keys back at once, or never where they may not write.
 */
final class AuthenticatingEtcd implements AutoCloseable {
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> CALLER = Context.key("token");
    private static final String MEMBERS = "/service/main/members/";
    private static final long PATRONIS = 7000;

    private final Server server;
    private final TreeMap<String, KeyValue> keys = new TreeMap<>();
    private final Map<String, String> passwords = new TreeMap<>();
    private final Map<String, TreeSet<String>> granted = new HashMap<>();
    private final Map<String, List<Permission>> roles = new TreeMap<>();
    private final Map<String, String> patronis = new HashMap<>();
    private final Map<String, Status> failures = new HashMap<>();
    private final List<String> changes = new ArrayList<>();
    private Runnable afterEnabling = () -> {};
    private boolean enabled;
    private long leases;

    AuthenticatingEtcd() throws IOException {
        server = NettyServerBuilder.forPort(0)
                .addService(new Kv())
                .addService(new Leases())
                .addService(new Auth())
                .intercept(new Tokens())
                .build()
                .start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** A Patroni that works, and knows this password of the user {@code main}. */
    synchronized AuthenticatingEtcd patroni(String member, String password) {
        patronis.put(member, password);
        write(MEMBERS + member, PATRONIS);
        return this;
    }

    /** Its key is there until its lease ends. */
    synchronized void hang(String member) {
        patronis.remove(member);
    }

    synchronized void forget(String member) {
        patronis.remove(member);
        keys.remove(MEMBERS + member);
    }

    synchronized void user(String name, String password, Permission... own) {
        passwords.put(name, password);
        granted.put(name, new TreeSet<>(List.of(name)));
        roles.put(name, new ArrayList<>(List.of(own)));
    }

    synchronized void grant(String user, String role) {
        roles.putIfAbsent(role, new ArrayList<>());
        granted.getOrDefault(user, new TreeSet<>()).add(role);
    }

    synchronized void enable() {
        enabled = true;
    }

    /** Says what comes between the enabling and whatever its answer brings about. */
    synchronized void afterEnabling(Runnable event) {
        afterEnabling = event;
    }

    /** Refuses one kind of request from now on. */
    synchronized void fail(String what, Status status) {
        failures.put(what, status);
    }

    synchronized boolean enabled() {
        return enabled;
    }

    synchronized Map<String, String> passwords() {
        return Map.copyOf(passwords);
    }

    synchronized List<String> rolesOf(String user) {
        return List.copyOf(granted.getOrDefault(user, new TreeSet<>()));
    }

    synchronized Map<String, List<Permission>> roles() {
        return Map.copyOf(roles);
    }

    synchronized boolean has(String key) {
        return keys.containsKey(key);
    }

    /** What was changed, without the Patronis' own writes. */
    synchronized List<String> changes() {
        return List.copyOf(changes);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private void write(String key, long lease) {
        keys.put(
                key,
                KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8("{}"))
                        .setLease(lease)
                        .build());
    }

    private void nextRound(String member) {
        String password = patronis.get(member);
        boolean works = password != null
                && (!enabled
                        || (password.equals(passwords.get("main"))
                                && covers("main", ByteString.copyFromUtf8(MEMBERS + member))));
        if (works) {
            write(MEMBERS + member, PATRONIS);
        }
    }

    private boolean covers(String user, ByteString key) {
        return granted.getOrDefault(user, new TreeSet<>()).stream()
                .flatMap(role -> roles.getOrDefault(role, List.of()).stream())
                .anyMatch(own -> key.toStringUtf8().compareTo(own.getKey().toStringUtf8()) >= 0
                        && key.toStringUtf8().compareTo(own.getRangeEnd().toStringUtf8()) < 0);
    }

    /** What etcd says to who may not. */
    private Optional<Status> refusal(Optional<ByteString> key) {
        if (!enabled) {
            return Optional.empty();
        }
        String token = Optional.ofNullable(CALLER.get()).orElse("");
        if (token.isEmpty()) {
            return Optional.of(Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty"));
        }
        String user = token.substring(0, token.indexOf('.'));
        if (!token.equals(token(user))) {
            return Optional.of(Status.UNAUTHENTICATED.withDescription("etcdserver: invalid auth token"));
        }
        return user.equals("root") || key.filter(any -> covers(user, any)).isPresent()
                ? Optional.empty()
                : Optional.of(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
    }

    /** With its password a user's tokens end. */
    private String token(String user) {
        return user + "."
                + Integer.toHexString(String.valueOf(passwords.get(user)).hashCode());
    }

    private synchronized <T> void answer(
            StreamObserver<T> to, String what, Optional<ByteString> key, Supplier<T> value) {
        Optional<Status> refused = refusal(key).or(() -> Optional.ofNullable(failures.get(what.replaceAll(" .*", ""))));
        if (refused.isPresent()) {
            to.onError(refused.get().asRuntimeException());
            return;
        }
        T answer;
        try {
            answer = value.get();
        } catch (Refused e) {
            to.onError(Status.FAILED_PRECONDITION
                    .withDescription("etcdserver: " + e.getMessage())
                    .asRuntimeException());
            return;
        }
        to.onNext(answer);
        to.onCompleted();
    }

    private <T> void read(StreamObserver<T> to, String what, Supplier<T> value) {
        answer(to, what, Optional.empty(), value);
    }

    private <T> void change(StreamObserver<T> to, String what, Supplier<T> value) {
        answer(to, what, Optional.empty(), () -> {
            T done = value.get();
            changes.add(what);
            return done;
        });
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String why) {
            super(why);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new Refused(otherwise);
        }
    }

    private static final class Tokens implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String token = Optional.ofNullable(headers.get(TOKEN)).orElse("");
            return Contexts.interceptCall(Context.current().withValue(CALLER, token), call, headers, next);
        }
    }

    private final class Kv extends KVGrpc.KVImplBase {
        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> to) {
            answer(to, "range", Optional.of(request.getKey()), () -> {
                String from = request.getKey().toStringUtf8();
                String end = request.getRangeEnd().isEmpty()
                        ? from + '\0'
                        : request.getRangeEnd().toStringUtf8();
                return RangeResponse.newBuilder()
                        .addAllKvs(keys.subMap(from, end).values())
                        .build();
            });
        }

        @Override
        public void put(PutRequest request, StreamObserver<PutResponse> to) {
            String key = request.getKey().toStringUtf8();
            change(to, "put " + key, () -> {
                write(key, request.getLease());
                return PutResponse.getDefaultInstance();
            });
        }

        @Override
        public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> to) {
            String key = request.getKey().toStringUtf8();
            change(to, "delete " + key, () -> {
                keys.remove(key);
                return DeleteRangeResponse.getDefaultInstance();
            });
        }

        /** As far as a loan goes: a key that is there is put on another lease. */
        @Override
        public void txn(TxnRequest request, StreamObserver<TxnResponse> to) {
            PutRequest put = request.getSuccess(0).getRequestPut();
            String key = put.getKey().toStringUtf8();
            String member = key.substring(MEMBERS.length());
            change(to, "lend " + member, () -> {
                boolean there = keys.containsKey(key) && put.getIgnoreValue();
                if (there) {
                    write(key, put.getLease());
                    nextRound(member);
                }
                return TxnResponse.newBuilder().setSucceeded(there).build();
            });
        }
    }

    private final class Leases extends LeaseGrpc.LeaseImplBase {
        @Override
        public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> to) {
            change(
                    to,
                    "lease " + request.getTTL(),
                    () -> LeaseGrantResponse.newBuilder().setID(++leases).build());
        }
    }

    private final class Auth extends AuthGrpc.AuthImplBase {
        @Override
        public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> to) {
            Status refused;
            String token;
            synchronized (AuthenticatingEtcd.this) {
                refused = !enabled
                        ? Status.FAILED_PRECONDITION.withDescription("etcdserver: authentication is not enabled")
                        : request.getPassword().equals(passwords.get(request.getName()))
                                ? Status.OK
                                : Status.INVALID_ARGUMENT.withDescription(
                                        "etcdserver: authentication failed, invalid user ID or password");
                token = token(request.getName());
            }
            if (!refused.isOk()) {
                to.onError(refused.asRuntimeException());
                return;
            }
            to.onNext(AuthenticateResponse.newBuilder().setToken(token).build());
            to.onCompleted();
        }

        @Override
        public void authEnable(AuthEnableRequest request, StreamObserver<AuthEnableResponse> to) {
            change(to, "enable", () -> {
                require(rolesOf("root").contains("root"), "root user does not have root role");
                enabled = true;
                afterEnabling.run();
                return AuthEnableResponse.getDefaultInstance();
            });
        }

        @Override
        public void authDisable(AuthDisableRequest request, StreamObserver<AuthDisableResponse> to) {
            change(to, "disable", () -> {
                enabled = false;
                return AuthDisableResponse.getDefaultInstance();
            });
        }

        @Override
        public void userAdd(AuthUserAddRequest request, StreamObserver<AuthUserAddResponse> to) {
            change(to, "user " + request.getName(), () -> {
                require(!passwords.containsKey(request.getName()), "user name already exists");
                passwords.put(request.getName(), request.getPassword());
                granted.put(request.getName(), new TreeSet<>());
                return AuthUserAddResponse.getDefaultInstance();
            });
        }

        @Override
        public void userGet(AuthUserGetRequest request, StreamObserver<AuthUserGetResponse> to) {
            read(to, "user-get", () -> {
                require(passwords.containsKey(request.getName()), "user name not found");
                return AuthUserGetResponse.newBuilder()
                        .addAllRoles(rolesOf(request.getName()))
                        .build();
            });
        }

        @Override
        public void userList(AuthUserListRequest request, StreamObserver<AuthUserListResponse> to) {
            read(
                    to,
                    "user-list",
                    () -> AuthUserListResponse.newBuilder()
                            .addAllUsers(passwords.keySet())
                            .build());
        }

        @Override
        public void userDelete(AuthUserDeleteRequest request, StreamObserver<AuthUserDeleteResponse> to) {
            change(to, "delete-user " + request.getName(), () -> {
                require(passwords.remove(request.getName()) != null, "user name not found");
                granted.remove(request.getName());
                return AuthUserDeleteResponse.getDefaultInstance();
            });
        }

        @Override
        public void userChangePassword(
                AuthUserChangePasswordRequest request, StreamObserver<AuthUserChangePasswordResponse> to) {
            change(to, "password " + request.getName(), () -> {
                require(passwords.containsKey(request.getName()), "user name not found");
                passwords.put(request.getName(), request.getPassword());
                return AuthUserChangePasswordResponse.getDefaultInstance();
            });
        }

        @Override
        public void userGrantRole(AuthUserGrantRoleRequest request, StreamObserver<AuthUserGrantRoleResponse> to) {
            change(to, "grant " + request.getUser() + " " + request.getRole(), () -> {
                require(roles.containsKey(request.getRole()), "role name not found");
                granted.getOrDefault(request.getUser(), new TreeSet<>()).add(request.getRole());
                return AuthUserGrantRoleResponse.getDefaultInstance();
            });
        }

        @Override
        public void userRevokeRole(AuthUserRevokeRoleRequest request, StreamObserver<AuthUserRevokeRoleResponse> to) {
            change(to, "revoke " + request.getName() + " " + request.getRole(), () -> {
                require(
                        granted.getOrDefault(request.getName(), new TreeSet<>()).remove(request.getRole()),
                        "role is not granted to the user");
                return AuthUserRevokeRoleResponse.getDefaultInstance();
            });
        }

        @Override
        public void roleAdd(AuthRoleAddRequest request, StreamObserver<AuthRoleAddResponse> to) {
            change(to, "role " + request.getName(), () -> {
                require(roles.putIfAbsent(request.getName(), new ArrayList<>()) == null, "role name already exists");
                return AuthRoleAddResponse.getDefaultInstance();
            });
        }

        @Override
        public void roleGet(AuthRoleGetRequest request, StreamObserver<AuthRoleGetResponse> to) {
            read(to, "role-get", () -> {
                require(roles.containsKey(request.getRole()), "role name not found");
                return AuthRoleGetResponse.newBuilder()
                        .addAllPerm(roles.getOrDefault(request.getRole(), List.of()))
                        .build();
            });
        }

        @Override
        public void roleList(AuthRoleListRequest request, StreamObserver<AuthRoleListResponse> to) {
            read(
                    to,
                    "role-list",
                    () -> AuthRoleListResponse.newBuilder()
                            .addAllRoles(roles.keySet())
                            .build());
        }

        /** A role goes from everybody who has it. */
        @Override
        public void roleDelete(AuthRoleDeleteRequest request, StreamObserver<AuthRoleDeleteResponse> to) {
            change(to, "delete-role " + request.getRole(), () -> {
                require(roles.remove(request.getRole()) != null, "role name not found");
                granted.values().forEach(each -> each.remove(request.getRole()));
                return AuthRoleDeleteResponse.getDefaultInstance();
            });
        }

        @Override
        public void roleGrantPermission(
                AuthRoleGrantPermissionRequest request, StreamObserver<AuthRoleGrantPermissionResponse> to) {
            change(to, "permit " + request.getName(), () -> {
                require(roles.containsKey(request.getName()), "role name not found");
                roles.getOrDefault(request.getName(), new ArrayList<>()).add(request.getPerm());
                return AuthRoleGrantPermissionResponse.getDefaultInstance();
            });
        }
    }
}
