using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Uploads.Rules;

/// <summary>
/// Each part that ends inside a segment costs opening and sealing up to 4 MiB again. After 256 parts below 64 KiB the next such one is refused
/// (security.md 10); a part that says that it brings more, or all that is missing, still comes through.
/// </summary>
internal static class SmallPartRule
{
    public const int MostSmallParts = 256;
    public const long SmallPart = 64 * 1024;

    public static bool IsSmall(long bytes) => bytes < SmallPart;

    public static Problem? Check(long? contentLength, Upload upload, long? declaredLength)
    {
        if (upload.SmallPatches < MostSmallParts || contentLength >= SmallPart)
            return null;
        return declaredLength is { } length && contentLength == length - upload.ReceivedBytes ? null : UploadProblems.TooManySmallParts;
    }
}
