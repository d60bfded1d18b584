using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Uploads.Rules;

/// <summary>
/// Each part that ends inside a segment costs opening and sealing up to 4 MiB again. After 256 parts that brought less than 64 KiB only one that
/// announces all that is missing comes through: what a part announces is no promise, so nothing less may begin. After 512 nothing does, or
/// announcing everything and bringing a byte would go on for ever.
/// </summary>
internal static class SmallPartRule
{
    public const int MostSmallParts = 256;
    public const int MostTries = 512;
    public const long SmallPart = 64 * 1024;

    public static bool IsSmall(long bytes) => bytes < SmallPart;

    public static Problem? Check(long? contentLength, Upload upload, long? declaredLength)
    {
        if (upload.SmallPatches < MostSmallParts)
            return null;
        if (upload.SmallPatches >= MostTries)
            return UploadProblems.TooManySmallParts;
        return declaredLength is { } length && contentLength == length - upload.ReceivedBytes ? null : UploadProblems.TooManySmallParts;
    }
}
