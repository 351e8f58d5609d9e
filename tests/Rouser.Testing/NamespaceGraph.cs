using System.Reflection;
using System.Reflection.Emit;

namespace Rouser.Testing;

/// <summary>Which namespaces of assemblies need which: what their types, members and instructions name.</summary>
internal sealed class NamespaceGraph
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    private readonly Dictionary<string, Dictionary<string, string>> _needs = new(StringComparer.Ordinal);

    /// <summary>Reads the assemblies.</summary>
    public NamespaceGraph(IReadOnlyCollection<Assembly> assemblies)
    {
        foreach (Type type in assemblies.SelectMany(a => a.GetTypes()).Where(t => IsWritten(t)))
        {
            if (!_needs.TryGetValue(type.Namespace!, out Dictionary<string, string>? own))
                _needs[type.Namespace!] = own = new(StringComparer.Ordinal);
            foreach (Type needed in TypesIn(type).SelectMany(Parts))
            {
                if (
                    assemblies.Contains(needed.Assembly)
                    && needed.Namespace is { } other
                    && other != type.Namespace
                    && IsWritten(needed)
                )
                    own.TryAdd(other, $"{type} needs {needed}");
            }
        }
    }

    /// <summary>The namespaces, in their order.</summary>
    public IEnumerable<string> Namespaces => _needs.Keys.Order(StringComparer.Ordinal);

    /// <summary>What a namespace needs, and one reason for each.</summary>
    public IReadOnlyDictionary<string, string> NeedsOf(string name) => _needs[name];

    /// <summary>All that a namespace needs, by way of others too.</summary>
    public HashSet<string> ReachedFrom(string name)
    {
        HashSet<string> reached = [];
        Queue<string> open = new(_needs[name].Keys);
        while (open.TryDequeue(out string? next))
        {
            if (reached.Add(next) && _needs.TryGetValue(next, out Dictionary<string, string>? further))
            {
                foreach (string other in further.Keys)
                    open.Enqueue(other);
            }
        }
        return reached;
    }

    // What the compiler adds for collections and patterns lies in no namespace of ours, or in that of the assembly.
    private static bool IsWritten(Type type) => type.Namespace?.StartsWith("Rouser", StringComparison.Ordinal) == true;

    private static IEnumerable<Type> TypesIn(Type type) =>
        [
            .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes,
            .. type.GetInterfaces(),
            .. type.GetFields(Everything).Select(f => f.FieldType),
            .. type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)).SelectMany(TypesIn),
        ];

    private static IEnumerable<Type> TypesIn(MethodBase method) =>
        [
            .. method.GetParameters().Select(p => p.ParameterType),
            .. method is MethodInfo { ReturnType: { } returned } ? [returned] : Type.EmptyTypes,
            .. method.GetMethodBody()?.LocalVariables.Select(l => l.LocalType) ?? [],
            .. Referred(method),
        ];

    // What the method's instructions name: types, and the owners of fields and methods.
    private static IEnumerable<Type> Referred(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? ofType = method.DeclaringType is { IsGenericType: true } owner ? owner.GetGenericArguments() : null,
            ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length; )
        {
            OpCode instruction = OpCodesByValue[code[at] == 0xfe ? (short)(0xfe00 | code[at + 1]) : code[at]];
            at += instruction.Size;
            if (
                instruction.OperandType
                is OperandType.InlineMethod
                    or OperandType.InlineField
                    or OperandType.InlineType
                    or OperandType.InlineTok
            )
            {
                MemberInfo member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!;
                yield return member as Type ?? member.DeclaringType!;
                if (member is MethodInfo { IsGenericMethod: true } generic)
                {
                    foreach (Type argument in generic.GetGenericArguments())
                        yield return argument;
                }
            }
            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(type)
        : [type];
}
