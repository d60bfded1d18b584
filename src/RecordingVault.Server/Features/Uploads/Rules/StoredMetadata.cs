using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Uploads.Rules;

/// <summary>The metadata that an upload was made with, opened again.</summary>
internal static class StoredMetadata
{
    public static string OpenLine(Upload upload, OwnerKey key) => upload.Metadata.Open(key, upload.TenantId, upload.Id, Upload.MetadataColumn);

    public static UploadMetadata Open(Upload upload, OwnerKey key) =>
        UploadMetadata.TryParse(OpenLine(upload, key), out var metadata) is null
            ? metadata
            : throw new InvalidOperationException("Metadata that was taken can't be read again.");
}
