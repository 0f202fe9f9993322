import { DocuWareTrigger } from '../../../../../nodes/DocuWare/DocuWareTrigger.node';
import { servePolls } from '../../../../support/processes/pollingProcess';

servePolls(new DocuWareTrigger());
