package io.pgha;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reports that null was given where a value is wanted, which is everywhere but where a type says otherwise: which
 * argument of which call, for example {@code ClusterConfig.builder().name(..): name must not be null}. Code
 * {@code argument.null}. Immutable.
 */
public class NullArgumentException extends PgHaException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception inside the call that was given null, or inside what it calls in turn; called by
     * {@link Given} and by generated code.
     *
     * @param argument the name of the argument
     */
    public NullArgumentException(String argument) {
        super(problem(argument));
    }

    private static Problem problem(String argument) {
        return Problem.of(
                "argument.null",
                call() + ": " + argument + " must not be null",
                "Find out where it comes from. Null never stands for a default here: what may be absent is left out.");
    }

    /**
     * The outermost call of the library that led here without a step through a lambda or anybody else's code: what its
     * user wrote.
     */
    private static String call() {
        return StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.dropWhile(frame -> isTeller(frame.getDeclaringClass()))
                        .takeWhile(NullArgumentException::isPlainlyOurs)
                        .flatMap(frame -> door(frame).map(type -> text(type, frame.getMethodName())).stream())
                        .reduce((inner, outer) -> outer)
                        .orElse("pgha"));
    }

    private static boolean isTeller(Class<?> type) {
        return type == NullArgumentException.class || type == Given.class;
    }

    private static boolean isPlainlyOurs(StackFrame frame) {
        return isOurs(frame.getClassName()) && !executable(frame).isSynthetic();
    }

    private static boolean isOurs(String type) {
        return type.startsWith(PgHaException.class.getPackageName() + ".");
    }

    /**
     * The type by which its caller knows what runs: a public one, also where a hidden class does its work, or a builder
     * that inherits setters of the one that Immutables writes.
     */
    private static Optional<Class<?>> door(StackFrame frame) {
        Class<?> type = frame.getDeclaringClass();
        if (!Modifier.isPublic(executable(frame).getModifiers())) {
            return Optional.empty();
        }
        return Modifier.isPublic(type.getModifiers()) || isBuilder(type)
                ? Optional.of(type)
                : Stream.<Class<?>>of(type.getInterfaces())
                        .filter(known -> Modifier.isPublic(known.getModifiers()) && isOurs(known.getName()))
                        .filter(known -> declares(known, frame))
                        .findFirst();
    }

    private static boolean declares(Class<?> type, StackFrame frame) {
        return Stream.of(type.getMethods())
                .anyMatch(method -> method.getName().equals(frame.getMethodName())
                        && Arrays.equals(
                                method.getParameterTypes(),
                                frame.getMethodType().parameterArray()));
    }

    private static Executable executable(StackFrame frame) {
        Class<?>[] parameters = frame.getMethodType().parameterArray();
        try {
            return frame.getMethodName().equals("<init>")
                    ? frame.getDeclaringClass().getDeclaredConstructor(parameters)
                    : frame.getDeclaringClass().getDeclaredMethod(frame.getMethodName(), parameters);
        } catch (NoSuchMethodException e) {
            throw new AssertionError("A method that runs is declared", e);
        }
    }

    private static String text(Class<?> type, String method) {
        if (method.equals("<init>")) {
            return "new " + type.getSimpleName() + "(..)";
        }
        String owner = isBuilder(type)
                ? type.getEnclosingClass().getSimpleName().replaceFirst("^Immutable", "") + ".builder()"
                : type.getSimpleName();
        return owner + "." + method + "(..)";
    }

    private static boolean isBuilder(Class<?> type) {
        return type.getSimpleName().equals("Builder") && type.getEnclosingClass() != null;
    }
}
