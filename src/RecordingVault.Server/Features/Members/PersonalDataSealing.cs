using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Members;

/// <summary>
/// How Identity's own personal columns (user name, e-mail address) stand in the database: sealed under the vault key, each time with a fresh nonce,
/// so equal addresses differ. Identity hands over the value without its row, so these are bound to the vault and the column family only.
/// </summary>
internal sealed class PersonalDataSealer(VaultKeyring keyring) : IPersonalDataProtector
{
    private const string Column = "members.personal";

    [return: NotNullIfNotNull(nameof(data))]
    public string? Protect(string? data) =>
        data is null ? null : Convert.ToBase64String(SealedText.Seal(keyring.Vault, Guid.Empty, Guid.Empty, Column, data).Bytes.Span);

    [return: NotNullIfNotNull(nameof(data))]
    public string? Unprotect(string? data) =>
        data is null ? null : SealedText.FromBytes(Convert.FromBase64String(data)).Open(keyring.Vault, Guid.Empty, Guid.Empty, Column);
}

/// <summary>What Identity looks an address up by: a digest keyed by the vault key, which nobody can undo (security.md 9).</summary>
internal sealed class LookupDigest(VaultKeyring keyring) : ILookupProtector, ILookupProtectorKeyRing
{
    private const string Column = "members.normalized_user_name";

    public string CurrentKeyId => keyring.Vault.Id.ToString();

    public string this[string keyId] => keyId;

    public IEnumerable<string> GetAllKeyIds() => [CurrentKeyId];

    public string Of(string address) => Convert.ToHexStringLower(KeyedDigest.Compute(keyring.Vault, Column, KeyedDigest.NormalizeMail(address)));

    [return: NotNullIfNotNull(nameof(data))]
    public string? Protect(string keyId, string? data) => data is null ? null : Of(data);

    /// <exception cref="NotSupportedException">Always: a digest can't be undone.</exception>
    [return: NotNullIfNotNull(nameof(data))]
    public string? Unprotect(string keyId, string? data) => throw new NotSupportedException("A look-up digest can't be undone.");
}

/// <summary>Addresses compare by the same folding as every other keyed digest: NFKC, case-folded, the domain in A-labels.</summary>
internal sealed class AddressFolding : ILookupNormalizer
{
    [return: NotNullIfNotNull(nameof(name))]
    public string? NormalizeName(string? name) => name is null ? null : KeyedDigest.NormalizeMail(name);

    [return: NotNullIfNotNull(nameof(email))]
    public string? NormalizeEmail(string? email) => NormalizeName(email);
}
