import { CommitteeClient } from '#conclave/clients/index.js';
import { CommitteeService, type ExpertHandler, ML_SERVICE_CONFIG } from '#conclave/ml-service/index.js';
import { loadConfig, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { InProcessTransport } from '#conclave/service-framework/index.js';

/** A whole committee inside the test's process: no sockets, the real journal. */
export interface LocalCommittee {
  readonly service: CommitteeService;
  readonly client: CommitteeClient;
  close(): Promise<void>;
}

export async function openCommittee(
  dataDir: string,
  options: { readonly experts?: readonly ExpertHandler[]; readonly flags?: readonly string[] } = {},
): Promise<LocalCommittee> {
  const { values: config } = loadConfig(ML_SERVICE_CONFIG, {
    argv: ['--data-dir', dataDir, '--metrics-port', '0', ...(options.flags ?? [])],
    cwd: process.cwd(),
  });
  const clock = new SystemClock();
  const service = await CommitteeService.open({
    config,
    clock,
    logger: silentLogger(),
    ...(options.experts === undefined ? {} : { experts: options.experts }),
  });
  await service.start();
  const client = new CommitteeClient({ transport: new InProcessTransport(service.host), clock });
  return {
    service,
    client,
    close: async () => {
      await client.close();
      await service.close('the test is over');
    },
  };
}
