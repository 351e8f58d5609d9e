using System.Reflection;
using System.Reflection.Emit;
using Rouser.Reports.Model;
using Rouser.Reports.Paper;

namespace Rouser.Reports.Tests;

/// <summary>Layers that the compiler does not hold: no namespace may need one that needs it.</summary>
public sealed class NamespaceTests
{
    private const BindingFlags Everything =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    [Fact]
    public void Namespaces_of_the_reports_need_each_other_one_way_only()
    {
        Dictionary<string, HashSet<string>> needs = Needs([typeof(ReportModel).Assembly, typeof(PaperReport).Assembly]);
        Assert.Contains("Rouser.Reports.Model", needs["Rouser.Reports.Tables"]);
        Assert.Contains("Rouser.Reports.Tables", needs["Rouser.Reports.Paper"]);
        foreach (string name in needs.Keys)
            Assert.False(Reached(name, needs).Contains(name), $"{name} needs itself by way of {string.Join(", ", needs[name])}");
    }

    private static HashSet<string> Reached(string name, Dictionary<string, HashSet<string>> needs)
    {
        HashSet<string> reached = [];
        Queue<string> open = new(needs[name]);
        while (open.TryDequeue(out string? next))
        {
            if (reached.Add(next) && needs.TryGetValue(next, out HashSet<string>? further))
            {
                foreach (string other in further)
                    open.Enqueue(other);
            }
        }
        return reached;
    }

    private static Dictionary<string, HashSet<string>> Needs(IReadOnlyList<Assembly> assemblies)
    {
        Dictionary<string, HashSet<string>> needs = new(StringComparer.Ordinal);
        foreach (Type type in assemblies.SelectMany(a => a.GetTypes()).Where(t => t.Namespace is not null))
        {
            if (!needs.TryGetValue(type.Namespace!, out HashSet<string>? own))
                needs[type.Namespace!] = own = [];
            own.UnionWith(
                TypesIn(type)
                    .SelectMany(Parts)
                    .Where(t => assemblies.Contains(t.Assembly) && t.Namespace is not null && t.Namespace != type.Namespace)
                    .Select(t => t.Namespace!)
            );
        }
        return needs;
    }

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
            if (instruction.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
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
