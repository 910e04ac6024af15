package io.pgha.etcd.internal.auth;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthGrpc.AuthBlockingStub;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthRoleDeleteRequest;
import io.etcd.jetcd.api.AuthRoleGetRequest;
import io.etcd.jetcd.api.AuthRoleGrantPermissionRequest;
import io.etcd.jetcd.api.AuthRoleListRequest;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserChangePasswordRequest;
import io.etcd.jetcd.api.AuthUserDeleteRequest;
import io.etcd.jetcd.api.AuthUserGetRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.etcd.jetcd.api.AuthUserListRequest;
import io.etcd.jetcd.api.AuthUserRevokeRoleRequest;
import io.etcd.jetcd.api.Permission;
import io.pgha.port.EtcdUser;
import java.util.List;
import java.util.function.Function;

/**
 * The users of etcd and what they may do. Every user here has one role, of its own name. All of it can be done twice.
 * Thread-safe.
 */
final class Accounts {
    private final Callers etcd;

    Accounts(Callers etcd) {
        this.etcd = etcd;
    }

    /** Makes a user, and lets the password be its own. */
    void ensure(EtcdUser user) throws InterruptedException {
        String password = user.password().reveal();
        if (users().contains(user.name())) {
            change(auth -> auth.userChangePassword(AuthUserChangePasswordRequest.newBuilder()
                    .setName(user.name())
                    .setPassword(password)
                    .build()));
        } else {
            change(auth -> auth.userAdd(AuthUserAddRequest.newBuilder()
                    .setName(user.name())
                    .setPassword(password)
                    .build()));
        }
    }

    /** Gives a user the role of its name, as it is; etcd enables no authentication without a root of that role. */
    void ensureRole(String name) throws InterruptedException {
        if (!roles().contains(name)) {
            change(auth ->
                    auth.roleAdd(AuthRoleAddRequest.newBuilder().setName(name).build()));
        }
        if (!rolesOf(name).contains(name)) {
            change(auth -> auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                    .setUser(name)
                    .setRole(name)
                    .build()));
        }
    }

    /** Whether a user may do this and nothing else. */
    boolean mayJust(String name, Permission permission) throws InterruptedException {
        return users().contains(name)
                && rolesOf(name).equals(List.of(name))
                && roles().contains(name)
                && permissions(name).equals(List.of(permission));
    }

    /** Lets a user that is there do this and nothing else. */
    void letJust(String name, Permission permission) throws InterruptedException {
        if (roles().contains(name)) {
            deleteRole(name);
        }
        for (String role : rolesOf(name)) {
            change(auth -> auth.userRevokeRole(AuthUserRevokeRoleRequest.newBuilder()
                    .setName(name)
                    .setRole(role)
                    .build()));
        }
        change(auth ->
                auth.roleAdd(AuthRoleAddRequest.newBuilder().setName(name).build()));
        change(auth -> auth.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                .setName(name)
                .setPerm(permission)
                .build()));
        change(auth -> auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser(name)
                .setRole(name)
                .build()));
    }

    /** What a user may do, as far as etcd tells. */
    String told(String name) throws InterruptedException {
        StringBuilder told =
                new StringBuilder("the roles of ").append(name).append(" are ").append(rolesOf(name));
        for (String role : rolesOf(name)) {
            told.append("; ").append(role).append(" may");
            for (Permission each : permissions(role)) {
                told.append(' ')
                        .append(each.getPermType())
                        .append(" [")
                        .append(each.getKey().toStringUtf8())
                        .append(", ")
                        .append(each.getRangeEnd().toStringUtf8())
                        .append(')');
            }
        }
        return told.toString();
    }

    boolean anyOf(List<String> names) throws InterruptedException {
        return users().stream().anyMatch(names::contains) || roles().stream().anyMatch(names::contains);
    }

    /** Removes a user and the role of its name. */
    void delete(String name) throws InterruptedException {
        if (users().contains(name)) {
            change(auth -> auth.userDelete(
                    AuthUserDeleteRequest.newBuilder().setName(name).build()));
        }
        if (roles().contains(name)) {
            deleteRole(name);
        }
    }

    private void deleteRole(String name) throws InterruptedException {
        change(auth ->
                auth.roleDelete(AuthRoleDeleteRequest.newBuilder().setRole(name).build()));
    }

    private List<String> users() throws InterruptedException {
        return read(auth -> auth.userList(AuthUserListRequest.getDefaultInstance()).getUsersList().stream()
                .toList());
    }

    private List<String> roles() throws InterruptedException {
        return read(auth -> auth.roleList(AuthRoleListRequest.getDefaultInstance()).getRolesList().stream()
                .toList());
    }

    private List<String> rolesOf(String user) throws InterruptedException {
        return read(auth -> auth
                .userGet(AuthUserGetRequest.newBuilder().setName(user).build())
                .getRolesList()
                .stream()
                .toList());
    }

    private List<Permission> permissions(String role) throws InterruptedException {
        return read(auth -> auth.roleGet(
                        AuthRoleGetRequest.newBuilder().setRole(role).build())
                .getPermList());
    }

    private <T> T read(Function<AuthBlockingStub, T> question) throws InterruptedException {
        return etcd.read(channel -> question.apply(AuthGrpc.newBlockingStub(channel)));
    }

    private void change(Function<AuthBlockingStub, Object> request) throws InterruptedException {
        etcd.change(channel -> request.apply(AuthGrpc.newBlockingStub(channel)));
    }
}
