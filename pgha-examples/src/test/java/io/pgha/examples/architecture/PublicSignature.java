package io.pgha.examples.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.JavaTypeVariable;
import com.tngtech.archunit.core.domain.ThrowsDeclaration;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says which types a user of a public class meets: in its supertypes, and in the types of all public and protected
 * members it has or inherits from our own classes. Annotations do not count.
 */
final class PublicSignature extends ArchCondition<JavaClass> {

    /** javax.net is the JDK's; java.* has no other word for an SSLContext or a SocketFactory. */
    private static final List<String> ALLOWED =
            List.of("java.", "javax.net.", "org.slf4j.", "org.jspecify.", "io.pgha.");

    PublicSignature() {
        super("name only types of java, pgha's own API, SLF4J and JSpecify in public signatures");
    }

    /** Returns whether a user outside the package can name the class. */
    static boolean isPublicApi(JavaClass javaClass) {
        return isAccessible(javaClass) && !isInternal(javaClass);
    }

    @Override
    public void check(JavaClass api, ConditionEvents events) {
        Stream<JavaType> supertypes = Stream.concat(api.getSuperclass().stream(), api.getInterfaces().stream());
        // The house style: a nested Builder extends the generated one, which stays package-private.
        supertypes
                .flatMap(type -> rawTypes(type).stream())
                .filter(type -> !isGeneratedBuilderOf(api, type))
                .forEach(type -> report(api, api.getName() + " extends or implements", type, events));
        for (JavaTypeVariable<JavaClass> variable : api.getTypeParameters()) {
            rawTypes(variable).forEach(type -> report(api, api.getName() + " has a type parameter of", type, events));
        }
        members(api)
                .forEach(member -> types(member)
                        .forEach(type -> report(
                                api, member.getFullName() + " (seen in " + api.getName() + ") names", type, events)));
    }

    private static void report(JavaClass api, String who, JavaClass type, ConditionEvents events) {
        JavaClass named = type.getBaseComponentType();
        String problem = "";
        if (!named.isPrimitive()) {
            if (ALLOWED.stream().noneMatch(named.getName()::startsWith)) {
                problem = "a third party's ";
            } else if (isInternal(named)) {
                problem = "the internal ";
            } else if (named.getName().startsWith("io.pgha.") && !isAccessible(named)) {
                problem = "the hidden ";
            }
        }
        if (!problem.isEmpty()) {
            events.add(SimpleConditionEvent.violated(api, who + ' ' + problem + named.getName()));
        }
    }

    private static Stream<JavaMember> members(JavaClass api) {
        return Stream.concat(
                        api.getAllMembers().stream().filter(member -> !(member instanceof JavaConstructor)),
                        api.getConstructors().stream())
                .filter(member -> member.getOwner().getName().startsWith("io.pgha."))
                .filter(member ->
                        member.getModifiers().contains(JavaModifier.PUBLIC) || isProtectedAndReachable(api, member))
                .filter(member -> !member.getModifiers().contains(JavaModifier.SYNTHETIC)
                        && !member.getModifiers().contains(JavaModifier.BRIDGE));
    }

    private static boolean isProtectedAndReachable(JavaClass api, JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PROTECTED)
                && !api.getModifiers().contains(JavaModifier.FINAL);
    }

    private static Set<JavaClass> types(JavaMember member) {
        Set<JavaClass> types = new HashSet<>();
        if (member instanceof JavaField field) {
            types.addAll(rawTypes(field.getType()));
        }
        if (member instanceof JavaCodeUnit code) {
            types.addAll(rawTypes(code.getReturnType()));
            code.getParameterTypes().forEach(type -> types.addAll(rawTypes(type)));
            code.getTypeParameters().forEach(variable -> types.addAll(rawTypes(variable)));
            for (ThrowsDeclaration<? extends JavaCodeUnit> thrown : code.getThrowsClause()) {
                types.add(thrown.getRawType());
            }
        }
        return types;
    }

    private static Set<JavaClass> rawTypes(JavaType type) {
        return type.getAllInvolvedRawTypes();
    }

    private static boolean isGeneratedBuilderOf(JavaClass api, JavaClass type) {
        return api.getSimpleName().equals("Builder")
                && type.getPackageName().equals(api.getPackageName())
                && type.getName().contains(".Immutable");
    }

    /** Returns whether the class lies in a package that is a module's own. */
    static boolean isInternal(JavaClass javaClass) {
        return (javaClass.getPackageName() + '.').matches("io\\.pgha\\.(.*\\.)?internal\\..*");
    }

    private static boolean isAccessible(JavaClass javaClass) {
        Set<JavaModifier> modifiers = javaClass.getModifiers();
        boolean visible = modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
        return visible
                && javaClass
                        .getEnclosingClass()
                        .map(PublicSignature::isAccessible)
                        .orElse(true);
    }
}
