using System.Buffers;

namespace RecordingVault.Vault.Storage;

/// <summary>
/// A name in the bucket: parts of lower-case letters, digits and hyphens, joined by slashes. No dots, no empty part and nothing of the file
/// system's can stand in it, so a name is always a path below the folder that it is looked up in.
/// </summary>
internal sealed record ObjectName
{
    private const int MaxLength = 255;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-/");

    private ObjectName(string value) => Value = value;

    public string Value { get; }

    public static ObjectName Parse(string value) =>
        IsValid(value) ? new ObjectName(value) : throw new ArgumentException("This is no name of an object in a vault's bucket.", nameof(value));

    public static bool IsValid(string value) =>
        value.Length is > 0 and <= MaxLength
        && !value.AsSpan().ContainsAnyExcept(Allowed)
        && value[0] != '/'
        && value[^1] != '/'
        && !value.Contains("//", StringComparison.Ordinal);

    /// <summary>What a listing takes: nothing, or a name and a slash.</summary>
    public static void RequirePrefix(string prefix)
    {
        if (prefix.Length > 0 && !(prefix.EndsWith('/') && IsValid(prefix[..^1])))
            throw new ArgumentException("A prefix is empty, or a name and a slash.", nameof(prefix));
    }

    public override string ToString() => Value;
}
