using System.Security.Cryptography;
using System.Text;

namespace RecordingVault.Vault.Keys;

/// <summary>
/// The root key in an environment variable (base64 or hex), or in a file that `{variable}_FILE` names. For platforms that offer nothing else:
/// the variable is removed from this process once it was read, but the system may go on showing what the process was started with.
/// </summary>
public sealed class EnvironmentRootKey(string variable) : IRootKeyProvider
{
    public string Name => "environment";

    /// <summary>Good once: the variable is gone afterwards.</summary>
    public RootKey Load()
    {
        var path = Take($"{variable}_FILE");
        var value = Take(variable);
        if (path is not null && value is not null)
            throw new RootKeyException($"Both {variable} and {variable}_FILE are set. Keep the one that holds your root key.");
        if (path is not null) return new FileRootKey(path).Load();
        if (value is null) throw new RootKeyException($"Set {variable} to the root key (64 hex digits or base64), or {variable}_FILE to a file that holds it.");

        var text = Encoding.ASCII.GetBytes(value);
        try
        {
            return RootKeyText.TryParseHex(text, out var key) || RootKeyText.TryParseBase64(text, out key)
                ? key
                : throw new RootKeyException($"{variable} must be 32 bytes, written as 64 hex digits or in base64.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static string? Take(string name)
    {
        var value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        return string.IsNullOrEmpty(value) ? null : value;
    }
}
