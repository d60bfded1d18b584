namespace RecordingVault.Server.Features.Uploads;

/// <summary>The words of tus 1.0.0 (https://tus.io/protocols/resumable-upload, 25 March 2016) that this server speaks.</summary>
internal static class Tus
{
    public const string Root = "/api/v1/uploads";
    public const string Version = "1.0.0";
    public const string Extensions = "creation,creation-with-upload,creation-defer-length,checksum,expiration,termination";
    public const string ChecksumAlgorithms = "sha1,sha256";
    public const string PartType = "application/offset+octet-stream";

    public const string ResumableHeader = "Tus-Resumable";
    public const string VersionHeader = "Tus-Version";
    public const string ExtensionHeader = "Tus-Extension";
    public const string MaxSizeHeader = "Tus-Max-Size";
    public const string ChecksumAlgorithmHeader = "Tus-Checksum-Algorithm";
    public const string OffsetHeader = "Upload-Offset";
    public const string LengthHeader = "Upload-Length";
    public const string DeferLengthHeader = "Upload-Defer-Length";
    public const string MetadataHeader = "Upload-Metadata";
    public const string ChecksumHeader = "Upload-Checksum";
    public const string ExpiresHeader = "Upload-Expires";
    public const string ConcatHeader = "Upload-Concat";
    public const string MethodOverrideHeader = "X-HTTP-Method-Override";

    /// <summary>Ours: the recording that a creation made or named.</summary>
    public const string RecordingHeader = "Vault-Recording";

    public static string AddressOf(Guid uploadId) => $"{Root}/{uploadId}";

    public static string RecordingAddress(Guid recordingId) => $"/api/v1/recordings/{recordingId}";
}
