using System.Globalization;

namespace RecordingVault.Server.Features.Uploads.Verbs;

/// <summary>What every good answer about an upload carries.</summary>
internal static class UploadHeaders
{
    public static void Write(IHeaderDictionary headers, Upload upload, bool isFinished)
    {
        headers[Tus.RecordingHeader] = Tus.RecordingAddress(upload.RecordingId);
        if (!isFinished)
            headers[Tus.ExpiresHeader] = upload.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
    }
}
