using RecordingVault.Server.Features.Recordings.Disposing;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>Certificates of destruction, as their readers see them.</summary>
internal static class SamplePagesOfCertificates
{
    private static readonly PageFrame s_frame = SamplePages.Frame with { Current = NavEntry.Library };

    private static readonly CertificateShown s_shown = new()
    {
        Id = SamplePages.Tenant,
        Number = 57,
        Organisation = "Marsh & Okafor <b>",
        IssuedAt = SamplePages.Now,
        Recording = SamplePages.Tenant,
        RecordedAt = SamplePages.Now.AddDays(-130),
        UploadedAt = SamplePages.Now.AddDays(-130),
        SizeInBytes = 412_000_000,
        Content = [("original", new string('a', 64)), ("chat", null)],
        IsBySchedule = true,
        Keys = [SamplePages.Tenant],
        BegunAt = SamplePages.Now.AddMinutes(-1),
        KeysDestroyedAt = SamplePages.Now.AddMinutes(-1),
        BytesDeletedAt = SamplePages.Now,
        ObjectsDeleted = 107,
        HoldsLifted = 1,
        BackupsUntil = SamplePages.Now.AddDays(30),
        Copies = [("download", "Claire Dubois <i>", SamplePages.Now.AddDays(-100)), ("package", null, SamplePages.Now.AddDays(-90))],
        HasMoreCopies = true,
        Event = 4_711,
        SignedBy = SamplePages.Tenant,
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("certificates", typeof(CertificatesPage), new CertificatesPageModel
        {
            Frame = s_frame,
            Certificates = [new(SamplePages.Tenant, 57, SamplePages.Tenant, SamplePages.Now.AddDays(-130), 412_000_000, SamplePages.Now, IsByHand: false), new(Guid.Empty, 56, Guid.Empty, SamplePages.Now.AddDays(-200), 0, SamplePages.Now, IsByHand: true)],
            EarlierCursor = "MjAyNi0xMQ",
        }),
        new("certificates-empty", typeof(CertificatesPage), new CertificatesPageModel { Frame = s_frame }),
        new("certificates-earlier", typeof(CertificatesPage), new CertificatesPageModel { Frame = s_frame, IsNewest = false }),
        new("certificate", typeof(CertificatePage), new CertificatePageModel(s_frame, s_shown)),
        new("certificate-by-hand", typeof(CertificatePage), new CertificatePageModel(s_frame, s_shown with { IsBySchedule = false, IsByHand = true, RecordedAt = null, Copies = [], HasMoreCopies = false, HoldsLifted = 0 })),
    ];
}
