import type { Resource } from '../operation';
import { downloadXml } from './download.operation';
import { uploadXml } from './upload.operation';

/** The XML interface, for what has no endpoint, such as matching entries. */
export const xmlTopic: Resource = {
	name: 'XML Topic',
	value: 'xmlTopic',
	operations: [downloadXml, uploadXml],
	defaultOperation: downloadXml.value,
};
