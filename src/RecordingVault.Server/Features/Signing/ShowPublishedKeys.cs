using System.Buffers.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Signing;

/// <param name="PublicKey">base64url: 32 raw bytes of Ed25519; a SubjectPublicKeyInfo (DER) of ES256.</param>
/// <param name="Certificate">base64url, DER; the authority's word on a key of <c>c2pa</c>, any other key's own word on itself, and null where it has none.</param>
/// <param name="Until">The last moment that it signed or may sign at. A signature that says a later one is not by it.</param>
internal sealed record PublishedKeyResponse(Guid Id, string Use, string Algorithm, string PublicKey, string? Certificate, DateTimeOffset Since, DateTimeOffset Until);

internal sealed record PublishedKeysResponse(string Format, IReadOnlyList<PublishedKeyResponse> Keys);

/// <summary>GET /.well-known/recording-vault-keys.json: the public parts of every key that signs or signed here, the newest first. It names no organisation.</summary>
internal static class ShowPublishedKeys
{
    public const string Format = "recordingvault.v1.keys";

    /// <summary>Organisations and years make few; a list without a bound would be one anyway.</summary>
    private const int MostShown = 100_000;

    public static async Task<Ok<PublishedKeysResponse>> Handle(VaultDbContext db, CancellationToken cancellationToken)
    {
        var keys = await db.PublishedKeys.AsNoTracking().OrderByDescending(key => key.Since).ThenBy(key => key.Id).Take(MostShown).ToListAsync(cancellationToken);
        return TypedResults.Ok(new PublishedKeysResponse(Format, keys.ConvertAll(key => new PublishedKeyResponse(
            key.Id, key.Use.Name(), key.Algorithm == SignatureKind.Ed25519 ? "Ed25519" : "ES256", Base64Url.EncodeToString(key.PublicKey),
            key.Certificate is { } certificate ? Base64Url.EncodeToString(certificate) : null, key.Since, key.Until))));
    }
}
